/** The API or the network is away and comes back. */
import type { Page } from "@playwright/test";
import { openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

const CANNOT_BE_REACHED = /^The server cannot be reached\./;

/** What a browser says on the console of answers that did not come. */
const NO_ANSWER =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED|status of 50[0234]/;

const trouble = (page: Page) => page.getByRole("status").filter({ hasText: CANNOT_BE_REACHED });

test.beforeEach(({ watch }) => {
  watch.expects(NO_ANSWER);
});

test("nothing typed is lost while the API is down, and nothing is done twice once it is back", async ({
  ann,
  page,
  servers,
}) => {
  test.skip(servers.stopApi === undefined, "the API is not ours to stop");
  await ann.has("To edit");
  await ann.has("To complete");
  await ann.openTasks();
  await ann.title("To edit").click();
  const editor = ann.editor("To edit");
  await editor.getByLabel("Title").fill("Edited");
  await ann.newTask.fill("Typed in between");
  await servers.stopApi?.();

  await ann.newTask.press("Enter");
  await expect(ann.newTask).toHaveAccessibleDescription(CANNOT_BE_REACHED);
  await expect(ann.newTask).toHaveValue("Typed in between");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor.getByRole("alert")).toHaveText(CANNOT_BE_REACHED);
  await expect(editor.getByLabel("Title")).toHaveValue("Edited");
  await ann.checkbox("To complete").click();
  await expect(page.getByRole("region", { name: "Notifications" }).getByText(CANNOT_BE_REACHED)).toBeVisible();
  await expect(ann.checkbox("To complete")).not.toBeChecked();
  await page.getByText("Done", { exact: true }).click();
  await expect(trouble(page)).toBeVisible();

  await servers.startApi?.();
  await expect(trouble(page)).toBeHidden({ timeout: 20_000 });
  await page.getByText("Open", { exact: true }).click();
  await ann.newTask.press("Enter");
  await expect(ann.title("Typed in between")).toBeVisible();
  // The editor went with the list that was left; its words did not.
  if (!(await editor.isVisible())) {
    await ann.title("To edit").click();
  }
  await expect(editor.getByLabel("Title")).toHaveValue("Edited");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(ann.title("Edited")).toBeVisible();
  await ann.checkbox("To complete").click();
  await expect.poll(async () => (await ann.savedTask("To complete"))?.completed).toBe(true);
  expect(await ann.savedTitles()).toEqual(["Edited", "To complete", "Typed in between"]);
});

test("an answer that is lost on its way does not add a task twice", async ({ ann, page }) => {
  await ann.openTasks();
  let lost = 0;
  await page.route("**/tasks", async (route) => {
    if (route.request().method() === "POST" && lost < 1) {
      lost += 1;
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.continue();
    }
  });
  await ann.newTask.fill("Once");
  await ann.newTask.press("Enter");
  await expect(ann.title("Once")).toBeVisible();
  expect(lost).toBe(1);
  expect(await ann.savedTitles()).toEqual(["Once"]);
});

test("a page that is opened while the API is down says so, and recovers by itself", async ({
  ann,
  page,
  servers,
  served,
}) => {
  test.skip(served !== "server", "there is nobody who serves the page without its API");
  await ann.has("Still there");
  await ann.openTasks();
  await ann.newTask.fill("Typed before the reload");
  await servers.stopApi?.();
  await page.reload();
  await expect(trouble(page)).toBeVisible({ timeout: 20_000 });
  expect(new URL(page.url()).pathname).toBe("/tasks");
  await servers.startApi?.();
  await expect(ann.title("Still there")).toBeVisible({ timeout: 20_000 });
  await expect(trouble(page)).toBeHidden();
  await expect(ann.newTask).toHaveValue("Typed before the reload");
});

test("logging in while the API is down says so and keeps what was typed", async ({ bob, page, servers }) => {
  test.skip(servers.stopApi === undefined, "the API is not ours to stop");
  await openForm(page, "/login");
  await page.getByLabel("Email").fill(bob.account.email);
  await page.getByLabel("Password", { exact: true }).fill(bob.account.password);
  await servers.stopApi?.();
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: CANNOT_BE_REACHED })).toBeVisible();
  await servers.startApi?.();
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("/tasks");
});

test("without a network the page says so, and goes on when it is back", async ({ ann, page, context }) => {
  await ann.openTasks();
  await context.setOffline(true);
  await expect(page.getByRole("status").filter({ hasText: /^You are offline\./ })).toBeVisible();
  await ann.newTask.fill("Written on a train");
  await ann.newTask.press("Enter");
  await expect(ann.newTask).toHaveAccessibleDescription(CANNOT_BE_REACHED);
  await context.setOffline(false);
  await expect(page.getByRole("status").filter({ hasText: /^You are offline\./ })).toBeHidden();
  await ann.newTask.press("Enter");
  await expect(ann.title("Written on a train")).toBeVisible();
  expect(await ann.savedTitles()).toEqual(["Written on a train"]);
});

test("a task is edited without a network, and saved once it is back", async ({ ann, page, context }) => {
  await ann.has("Read on a train");
  await ann.openTasks();
  await ann.title("Read on a train").waitFor();
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await ann.title("Read on a train").click();
  const editor = ann.editor("Read on a train");
  await editor.getByLabel("Title").fill("Written on a train");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor.getByRole("alert")).toHaveText(CANNOT_BE_REACHED);
  await context.setOffline(false);
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(ann.title("Written on a train")).toBeVisible();
});

test("a part of a page that cannot be loaded is no blank page", async ({ ann, page, context, watch }) => {
  watch.expects(/ChunkLoadError/);
  await ann.has("Untouched");
  await page.goto("/settings");
  await expect(page.getByText("This device")).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("heading", { name: "This page could not go on" })).toBeVisible();
  await expect(page.getByRole("navigation")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Load it again" }).click();
  await expect(page.getByText("This device")).toBeVisible();
});
