/** The whole application by keyboard alone: nothing here points or clicks. */
import type { Page } from "@playwright/test";
import { newAccount, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

/** Presses Tab until something has the focus; that it takes few steps is part of what is tested. */
async function tabTo(page: Page, name: string | RegExp, role: Parameters<Page["getByRole"]>[0]): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let step = 0; step < 15; step += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluateAll((found) => found.some((one) => one === document.activeElement))) {
      return;
    }
  }
  throw new Error(`Tab does not lead to ${String(name)}`);
}

test("from signing up to signing out without a mouse", async ({ page }) => {
  const { keyboard } = page;
  const account = newAccount("Kim");
  const edit = (title: string) => page.getByRole("button", { name: `Edit ${title}`, exact: true });
  const newTask = page.getByLabel("New task");

  await openForm(page, "/login");
  await tabTo(page, "Sign up", "link");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Sign up" })).toBeVisible();
  await tabTo(page, "Name", "textbox");
  await keyboard.type(account.name);
  await tabTo(page, "Email", "textbox");
  await keyboard.type(account.email);
  await keyboard.press("Tab");
  await keyboard.type(account.password);
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.type(account.password);
  await keyboard.press("Enter");
  await page.waitForURL("/tasks");
  await expect(newTask).toBeVisible();

  await keyboard.press("q");
  await expect(newTask).toBeFocused();
  for (const title of ["One", "Two", "Three"]) {
    await keyboard.type(title);
    await keyboard.press("Enter");
    await expect(edit(title)).toBeVisible();
    await expect(newTask).toBeFocused();
    await expect(newTask).toHaveValue("");
  }
  await keyboard.press("Escape");

  await keyboard.press("j");
  await expect(edit("One")).toBeFocused();
  await keyboard.press("j");
  await keyboard.press("j");
  await expect(edit("Three")).toBeFocused();
  await keyboard.press("k");
  await expect(edit("Two")).toBeFocused();

  await keyboard.press("Enter");
  const title = page.getByRole("form", { name: "Edit Two" }).getByLabel("Title");
  await expect(title).toBeFocused();
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("Two again");
  await keyboard.press("Enter");
  await expect(edit("Two again")).toBeFocused();
  await keyboard.press("e");
  await expect(page.getByLabel("Title")).toBeFocused();
  await keyboard.press("Escape");
  await expect(edit("Two again")).toBeFocused();

  await keyboard.press("x");
  await expect(edit("Two again")).toBeHidden();
  await expect(edit("Three")).toBeFocused();
  await keyboard.press("Delete");
  await expect(edit("Three")).toBeHidden();
  await expect(edit("One")).toBeFocused();
  await keyboard.press("z");
  await expect(edit("Three")).toBeFocused();

  await keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await keyboard.press("Escape");
  await expect(help).toBeHidden();

  await keyboard.press("/");
  await expect(page.getByLabel("Search tasks")).toBeFocused();
  await keyboard.type("one");
  await expect(edit("Three")).toBeHidden();
  await expect(edit("One")).toBeVisible();

  await keyboard.press("Shift+Tab");
  await page.goto("/tasks");
  await expect(newTask).toBeVisible();
  await tabTo(page, "Skip to content", "link");
  await tabTo(page, "Dashboard", "link");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Dashboard" })).toBeVisible();
  await tabTo(page, "Account", "button");
  await keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await keyboard.press("Enter");
  await page.waitForURL("/login");
});

test("single keys write where one writes, and do nothing once they are switched off", async ({ ann, page }) => {
  await ann.has("Untouched");
  await ann.openTasks();
  await ann.newTask.focus();
  await page.keyboard.type("qxjkze?/");
  await expect(ann.newTask).toHaveValue("qxjkze?/");
  await ann.newTask.fill("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByLabel("Use keyboard shortcuts").uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await ann.title("Untouched").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("q");
  await expect(ann.newTask).not.toBeFocused();
  await expect(ann.checkbox("Untouched")).not.toBeChecked();
});

test("a button keeps the focus while what it does is being done, and does it once", async ({ ann, page }) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let sent = 0;
  await page.route("**/update-user", async (route) => {
    sent += 1;
    await held;
    await route.continue();
  });
  await page.goto("/settings");
  await expect(page.getByLabel("Name")).toHaveValue(ann.account.name);
  await tabTo(page, "Name", "textbox");
  await page.keyboard.type(" Annabel");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const busy = page.getByRole("button", { name: "Saving…" });
  await expect(busy).toBeFocused();
  await expect(busy).toBeDisabled();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  answer();
  await expect(page.getByText("Your name is saved")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save name" })).toBeFocused();
  expect(sent).toBe(1);
});

test("what the keyboard leads to is not behind the header", async ({ ann, page }) => {
  await page.setViewportSize({ width: 360, height: 600 });
  await page.goto("/settings");
  const name = page.getByLabel("Name");
  await expect(name).toHaveValue(ann.account.name);
  await page.getByRole("button", { name: "Delete my account" }).focus();
  const header = await page.getByRole("banner").boundingBox();
  const tops: number[] = [];
  do {
    await page.keyboard.press("Shift+Tab");
    tops.push(await page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? 0));
  } while (tops.length < 30 && !(await name.evaluate((field) => field === document.activeElement)));
  await expect(name).toBeFocused();
  expect(Math.min(...tops)).toBeGreaterThanOrEqual(header?.height ?? Infinity);
});
