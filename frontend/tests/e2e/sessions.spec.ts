/** Several tabs and devices: what one does to a session, the others notice. */
import { logIn, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

test("signing out in one tab signs out the other", async ({ ann, page, context }) => {
  await ann.has("Not for everybody’s eyes");
  const other = await context.newPage();
  await other.goto("/tasks?status=all");
  await expect(other.getByText("Not for everybody’s eyes")).toBeVisible();
  await page.goto("/settings");
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/login");
  await other.waitForURL("/login?redirect=%2Ftasks%3Fstatus%3Dall&reason=signed-out");
  await expect(other.getByRole("status")).toHaveText("You have signed out in another tab.");
  await logIn(other, ann.account);
  await other.waitForURL("/tasks?status=all");
});

test("logging in as somebody else in one tab shows nothing of the first person in the other", async ({
  ann,
  bob,
  page,
  context,
  watch,
}) => {
  // What the other tab asks in the first person’s name.
  watch.expects(/status of 40[13]/);
  await ann.has("Ann’s task");
  await bob.has("Bob’s task");
  await ann.openTasks();
  await expect(page.getByText("Ann’s task")).toBeVisible();
  const other = await context.newPage();
  await context.clearCookies();
  await openForm(other, "/login?reason=ended");
  await logIn(other, bob.account);
  await other.waitForURL("/tasks");
  await expect(other.getByText("Bob’s task")).toBeVisible();
  await page.bringToFront();
  await ann.newTask.fill("For whom?");
  await ann.newTask.press("Enter");
  await expect(page.getByText("Bob’s task")).toBeVisible();
  await expect(page.getByText("Ann’s task")).toBeHidden();
  expect(await ann.savedTitles()).toEqual(["Ann’s task"]);
  expect(await bob.savedTitles()).not.toContain("Ann’s task");
});

test("a session that ends elsewhere leads to the login page, and what was typed is there afterwards", async ({
  ann,
  page,
  watch,
}) => {
  watch.expects(/status of 401/);
  await ann.has("Half done");
  await ann.openTasks("?sort=created");
  await ann.title("Half done").click();
  await ann.editor("Half done").getByLabel("Description").fill("Long words that took an hour");
  await ann.newTask.fill("Typed before the end !high");
  await ann.endsAllSessions();
  await ann.newTask.press("Enter");
  await page.waitForURL("/login?redirect=%2Ftasks%3Fsort%3Dcreated&reason=ended");
  await expect(page.getByRole("status")).toHaveText("Your session has ended. Log in to go on where you were.");
  await logIn(page, ann.account);
  await page.waitForURL("/tasks?sort=created");
  await expect(ann.newTask).toHaveValue("Typed before the end !high");
  await ann.newTask.press("Enter");
  await expect(ann.title("Typed before the end")).toBeVisible();
  await ann.title("Half done").click();
  await expect(ann.editor("Half done").getByLabel("Description")).toHaveValue("Long words that took an hour");
});
