/** Every page in every state worth looking at: what axe-core finds, and whether it fits. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import type { Person } from "./helpers/person";
import { openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, one line each, best practices included. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (on: Document, how: RunOptions) => Promise<AxeResults> } };
    return axe.run(document, { resultTypes: ["violations"] });
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`),
  );
}

/** What is there for people without an account. */
const GUEST: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  login: async (page) => {
    await openForm(page, "/login");
  },
  "login with errors": async (page) => {
    await openForm(page, "/login");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByText("Enter your password.")).toBeVisible();
  },
  "login after a session": async (page) => {
    await openForm(page, "/login?redirect=%2Ftasks&reason=ended");
    await expect(page.getByText("Your session has ended.")).toBeVisible();
  },
  signup: async (page) => {
    await openForm(page, "/signup");
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page.getByText("Enter your email address.")).toBeVisible();
  },
  "a forgotten password": async (page) => {
    await openForm(page, "/forgot-password");
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByText("Enter your email address.")).toBeVisible();
  },
  "a link on its way": async (page) => {
    // Also where the API sends no mail.
    await page.route("**/request-password-reset", (route) => route.fulfill({ json: { status: true } }), { times: 1 });
    await openForm(page, "/forgot-password");
    await page.getByLabel("Email").fill("ann.with.a.long.name@subdomain.example.com");
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  },
  "a new password": async (page) => {
    await openForm(page, "/reset-password?token=abc");
    await page.getByRole("button", { name: "Set the new password" }).click();
    await expect(page.getByText("A password has at least 8 characters.")).toBeVisible();
  },
  "a link that does not count": async (page) => {
    await openForm(page, "/reset-password?error=INVALID_TOKEN");
    await expect(page.getByRole("heading", { name: "This link does not count any more" })).toBeVisible();
  },
  "an address to be confirmed": async (page) => {
    await openForm(page, "/verify-email#ann.with.a.long.name%40subdomain.example.com");
    await expect(page.getByRole("heading", { name: "First confirm your address" })).toBeVisible();
  },
  "a change that goes on": async (page) => {
    await openForm(page, "/verify-email?for=change#ann.with.a.long.name%40subdomain.example.com");
    await expect(page.getByRole("heading", { name: "Look into your new mailbox" })).toBeVisible();
  },
  "not found": async (page) => {
    await page.goto("/nowhere");
    await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
  },
};

/** What is there for people who are signed in. */
const MEMBER: Readonly<Record<string, (person: Person) => Promise<void>>> = {
  "no tasks": async (person) => {
    await person.openTasks("?status=done");
    await expect(person.page.getByRole("heading", { name: "Nothing done yet" })).toBeVisible();
  },
  tasks: async (person) => {
    await person.openTasks();
    await person.newTask.fill("Call mum tomorrow !high");
    await expect(person.page.getByText("Tomorrow")).toBeVisible();
  },
  "a task being edited": async (person) => {
    await person.openTasks();
    await person.title("Overdue").click();
    await expect(person.editor("Overdue").getByLabel("Title")).toBeVisible();
  },
  "a conflict": async (person) => {
    const { page } = person;
    const task = await person.has({ title: "Contested", priority: "low" });
    await person.openTasks();
    await person.title("Contested").click();
    await person.editor("Contested").getByLabel("Title").fill("Mine");
    await person.changes(task, { title: "Theirs", priority: "high" });
    await person.editor("Contested").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("dialog", { name: "This task was changed elsewhere" })).toBeVisible();
    await person.deletes(task);
  },
  "a message": async (person) => {
    await person.openTasks();
    await person.row("Undated").getByRole("button", { name: "Delete Undated" }).click();
    await expect(person.page.getByText("Deleted “Undated”")).toBeVisible();
    await person.page.getByRole("button", { name: "Undo" }).focus();
  },
  help: async (person) => {
    await person.openTasks();
    await person.page.keyboard.press("?");
    await expect(person.page.getByRole("dialog")).toBeVisible();
  },
  "the account menu": async (person) => {
    await person.openTasks();
    await person.page.getByRole("button", { name: "Account", exact: true }).click();
    await expect(person.page.getByRole("menu")).toBeVisible();
  },
  dashboard: async ({ page }) => {
    await page.goto("/dashboard");
    await expect(page.getByRole("link", { name: "Overdue 1" })).toBeVisible();
    await page.getByText("Show as a table").click();
    await expect(page.locator("canvas")).toBeVisible();
  },
  settings: async ({ page }) => {
    await page.goto("/settings");
    await expect(page.getByText("This device")).toBeVisible();
  },
  "another address": async ({ page }) => {
    await page.route("**/change-email", (route) => route.fulfill({ json: { status: true } }), { times: 1 });
    await page.goto("/settings");
    await page.getByLabel("New email").fill("ann.with.a.long.name@subdomain.example.com");
    await page.getByRole("button", { name: "Change email" }).click();
    await expect(page.getByText("Look into both of your mailboxes.")).toBeVisible();
  },
  "the end of an account": async ({ page }) => {
    await page.goto("/settings");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete the account" }).click();
    await expect(page.getByText("Enter your password.")).toBeVisible();
  },
  "a question": async ({ page }) => {
    await page.goto("/settings");
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
  },
};

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [320, 1280]) {
    test(`every page is accessible and fits, ${colorScheme}, ${width} pixels wide`, async ({
      newBrowser,
      bob,
      watch,
    }) => {
      test.setTimeout(180_000);
      watch.expects(/status of (404|412)/);
      const { page } = bob;
      const look = async (on: Page, name: string) => {
        // What fades in is looked at when it is there. What is taken away meanwhile has no end to wait for.
        await on.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
        expect.soft(await findings(on), name).toEqual([]);
        expect.soft(await on.evaluate(() => document.documentElement.scrollWidth), `${name}: width`).toBe(width);
      };
      const guest = await (await newBrowser({ colorScheme, viewport: { width, height: 800 } })).newPage();
      for (const [name, show] of Object.entries(GUEST)) {
        await show(guest);
        await look(guest, name);
      }
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await bob.has({ title: "Overdue", due_date: "2020-02-02", priority: "high", description: "Words ".repeat(40) });
      await bob.has({
        title: "Averylongwordthatdoesnotfitinanarrowwindow".repeat(3),
        priority: "low",
        due_date: "2999-01-01T12:00:00Z",
      });
      await bob.has("Undated");
      for (const [name, show] of Object.entries(MEMBER)) {
        await show(bob);
        await look(page, name);
      }
    });
  }
}
