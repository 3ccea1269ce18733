/** Signing up, logging in, where that leads, and what can be changed about an account. */
import { logIn, newAccount, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

test("signing up makes an account, signs in and shows an empty list", async ({ page }) => {
  const account = newAccount("Ann");
  await openForm(page, "/signup");
  await page.getByLabel("Name").fill(account.name);
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByLabel("Confirm password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.waitForURL("/tasks");
  await expect(page.getByRole("heading", { name: "Nothing to do" })).toBeVisible();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await expect(page.getByText(account.email)).toBeVisible();
});

test("signing up says beside each field what is wrong, and goes to the first", async ({ page }) => {
  await openForm(page, "/signup");
  await page.getByLabel("Email").fill("ann@");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Confirm password", { exact: true }).fill("shirt");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription("This email address is not valid.");
  await expect(page.getByLabel("Email")).toBeFocused();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/at least 8 characters\.$/);
  await expect(page.getByLabel("Confirm password", { exact: true })).toHaveAccessibleDescription(
    "The two passwords are not the same.",
  );
});

test("an address that has an account cannot sign up again", async ({ bob, page, watch }) => {
  watch.expects(/status of 422/);
  await openForm(page, "/signup");
  await page.getByLabel("Email").fill(bob.account.email);
  await page.getByLabel("Password", { exact: true }).fill(bob.account.password);
  await page.getByLabel("Confirm password", { exact: true }).fill(bob.account.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription("There is an account with this email already.");
});

test("a wrong password is refused, and the right one then taken", async ({ bob, page, watch }) => {
  watch.expects(/status of 401/);
  await openForm(page, "/login");
  await logIn(page, { ...bob.account, password: "another password" });
  await expect(page.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(bob.account.email);
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  expect(new URL(page.url()).pathname).toBe("/login");
  await logIn(page, bob.account);
  await page.waitForURL("/tasks");
});

test("logging in leads back to the page that was wanted, with its query", async ({ bob, page }) => {
  await bob.has("Ring a bell");
  await page.goto("/tasks?status=all&q=a%20bell&sort=created");
  expect(new URL(page.url()).pathname).toBe("/login");
  await openForm(page, page.url());
  await logIn(page, bob.account);
  await page.waitForURL("/tasks?status=all&q=a%20bell&sort=created");
  await expect(page.getByLabel("Search tasks")).toHaveValue("a bell");
  await expect(page.getByRole("button", { name: "Edit Ring a bell" })).toBeVisible();
});

test("the way back outlives the change from logging in to signing up", async ({ page }) => {
  const account = newAccount("Cleo");
  await openForm(page, "/dashboard");
  await page.getByRole("link", { name: "Sign up" }).click();
  await expect(page.getByRole("heading", { name: "Sign up" })).toBeVisible();
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByLabel("Confirm password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.waitForURL("/dashboard");
});

for (const target of [
  "//evil.example",
  "/\\evil.example",
  "https://evil.example/tasks",
  "javascript:document.title='evil'",
]) {
  test(`logging in does not lead to ${target}`, async ({ bob, page }) => {
    const login = `/login?redirect=${encodeURIComponent(target)}`;
    await openForm(page, login);
    await logIn(page, bob.account);
    await page.waitForURL("/tasks");
    await expect(page.getByLabel("New task")).toBeVisible();
    // Nor does that address lead there for somebody who is signed in: then the server decides.
    await page.goto(login);
    expect(page.url()).toBe(new URL("/tasks", page.url()).href);
  });
}

test("who is signed in is led from the pages for visitors to the tasks, and from nowhere to the 404 page", async ({
  ann,
  page,
  watch,
}) => {
  watch.expects(/status of 404/);
  for (const address of ["/", "/login", "/signup"]) {
    await page.goto(address);
    expect(new URL(page.url()).pathname).toBe("/tasks");
  }
  const missing = await page.goto("/nowhere");
  expect(missing?.status()).toBe(404);
  await page.getByRole("link", { name: "Go to your tasks" }).click();
  await expect(ann.newTask).toBeVisible();
});

test("signing out ends the session, also for who kept its cookie", async ({ ann, page, context }) => {
  const cookies = await context.cookies();
  await ann.openTasks();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/login");
  // The login page asks who this is, too, and the answer would take the kept cookie back.
  await page.goto("about:blank");
  await context.addCookies(cookies);
  await page.goto("/tasks");
  await page.waitForURL("/login?redirect=%2Ftasks&reason=ended");
  await expect(page.getByRole("status")).toHaveText("Your session has ended. Log in to go on where you were.");
});

test("a name and a password are changed, and the old password is refused", async ({ ann, page, newBrowser, watch }) => {
  watch.expects(/status of 40[01]/);
  await page.goto("/settings");
  await page.getByLabel("Name").fill("Annabel");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Your name is saved")).toBeVisible();

  await page.getByLabel("Current password", { exact: true }).fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another long password");
  await page.getByLabel("Confirm new password", { exact: true }).fill("another long password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password", { exact: true })).toHaveAccessibleDescription(
    "This is not your current password.",
  );
  await page.getByLabel("Current password", { exact: true }).fill(ann.account.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed; other devices are signed out")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Name")).toHaveValue("Annabel");

  const other = await (await newBrowser()).newPage();
  await openForm(other, "/login");
  await logIn(other, ann.account);
  await expect(other.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
  await logIn(other, { ...ann.account, password: "another long password" });
  await other.waitForURL("/tasks");
});

test("sessions are listed with their device, and another one is revoked", async ({ ann, page, newBrowser }) => {
  const other = await (await newBrowser()).newPage();
  await openForm(other, "/login");
  await logIn(other, ann.account);
  await other.waitForURL("/tasks");
  await page.goto("/settings");
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);
  await expect(sessions.first()).toContainText("This device");
  await expect(sessions.first()).toContainText("127.0.0.1");
  await expect(sessions.first()).toContainText(/Chrom\w+ on Linux/);
  await sessions.last().getByRole("button", { name: "Revoke" }).click();
  await expect(sessions).toHaveCount(1);
  await other.reload();
  await other.waitForURL("/login?redirect=%2Ftasks&reason=ended");
});

test("signing out everywhere ends all sessions, and asks first", async ({ ann, page, newBrowser }) => {
  const other = await (await newBrowser()).newPage();
  await openForm(other, "/login");
  await logIn(other, ann.account);
  await other.waitForURL("/tasks");
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  const question = page.getByRole("alertdialog", { name: "Sign out everywhere?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await question.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.waitForURL("/login");
  await other.reload();
  await other.waitForURL("/login?redirect=%2Ftasks&reason=ended");
});

test("a second person sees nothing of the first, in the same browser too", async ({ ann, bob, page, watch }) => {
  watch.expects(/status of 403/);
  await ann.has("Buy a present for Bob");
  await bob.has("Bob’s own task");
  await ann.openTasks();
  await expect(ann.titles).toHaveText(["Buy a present for Bob"]);
  await ann.newTask.fill("A secret that is not sent");
  await bob.openTasks();
  await expect(bob.titles).toHaveText(["Bob’s own task"]);
  const status = await bob.page.evaluate(async (path) => (await fetch(path)).status, `/api/${ann.id}/tasks`);
  expect(status).toBe(403);

  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/login");
  await openForm(page, "/login");
  await logIn(page, bob.account);
  await page.waitForURL("/tasks");
  await expect(page.getByRole("button", { name: "Edit Bob’s own task" })).toBeVisible();
  await expect(page.getByLabel("New task")).toHaveValue("");
  await expect(page.getByText("Buy a present for Bob")).toBeHidden();
  await page.goBack();
  await page.goForward();
  await expect(page.getByText("Buy a present for Bob")).toBeHidden();
});
