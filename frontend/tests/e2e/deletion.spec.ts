/** Taking one’s data along, and leaving for good. */
import { readFile } from "node:fs/promises";
import { logIn, openForm, signUp } from "./helpers/person";
import { expect, test } from "./helpers/test";

test("what is kept of a person is one file", async ({ ann, page }) => {
  await ann.has({ title: "Pay the rent", priority: "high" });
  await ann.has("Ünïcødé “quoted”");
  await page.goto("/settings");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^tasks-\d{4}-\d\d-\d\d\.json$/);
  const text = await readFile(await file.path(), "utf8");
  const data = JSON.parse(text) as { user: { email: string }; sessions: object[]; tasks: { title: string }[] };
  expect(data.user.email).toBe(ann.account.email);
  expect(data.sessions).toHaveLength(1);
  expect(data.tasks.map(({ title }) => title).sort()).toEqual(["Pay the rent", "Ünïcødé “quoted”"]);
  await expect(page.getByText("Saved, with 2 tasks")).toBeVisible();
  const token = (await page.context().cookies()).find(({ name }) => name.endsWith("session_token"))?.value;
  expect(token).toMatch(/^[\w-]{40,}$/);
  expect(text).not.toContain(token);
});

test("the file is put together of pages, and an old session is asked to log in again first", async ({
  ann,
  page,
  watch,
}) => {
  watch.expects(/status of 403/);
  await ann.has("One");
  await page.goto("/settings");
  const problem = { detail: "The session is too old for this; sign in again.", code: "session_not_fresh", status: 403 };
  await page.route("**/api/auth/export*", (route) => route.fulfill({ status: 403, json: problem }), { times: 1 });
  await page.getByRole("button", { name: "Download my data" }).click();
  await expect(page.getByText("For your safety, this needs a sign-in of the last 24 hours.")).toBeVisible();
  await page.getByRole("button", { name: "Log in again" }).click();
  await page.waitForURL("/login?redirect=%2Fsettings&reason=ended");
  await openForm(page, page.url());
  await logIn(page, ann.account);
  await page.waitForURL("/settings");

  // As many tasks as make a page are for the API’s own tests: here the first one names another.
  await page.route(
    "**/api/auth/export",
    async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), link: '</x?cursor=abc>; rel="next"' } });
    },
    { times: 1 },
  );
  await page.route("**/api/auth/export?cursor=abc", (route) =>
    route.fulfill({ json: { tasks: [{ title: "Two" }, { title: "Three" }] } }),
  );
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const data = JSON.parse(await readFile(await (await download).path(), "utf8")) as { tasks: { title: string }[] };
  expect(data.tasks.map(({ title }) => title)).toEqual(["One", "Two", "Three"]);
});

test("an account is deleted with its password, and its address is free", async ({ ann, page, newBrowser, watch }) => {
  watch.expects(/status of 40[01]/);
  await ann.has("To be gone");
  const other = await (await newBrowser({ storageState: await page.context().storageState() })).newPage();
  await other.goto("/tasks");
  await expect(other.getByText("To be gone")).toBeVisible();

  await page.goto("/settings");
  await page.getByRole("button", { name: "Delete my account" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete your account?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "Delete my account" }).click();
  await question.getByRole("button", { name: "Delete the account" }).click();
  await expect(question.getByLabel("Password", { exact: true })).toHaveAccessibleDescription("Enter your password.");
  await question.getByLabel("Password", { exact: true }).fill("not the password");
  await question.getByRole("button", { name: "Delete the account" }).click();
  await expect(question.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
    "This is not your password.",
  );
  await question.getByLabel("Password", { exact: true }).fill(ann.account.password);
  await question.getByRole("button", { name: "Delete the account" }).click();
  await page.waitForURL("/login?reason=deleted");
  await expect(page.getByRole("status")).toHaveText("Your account is deleted.");

  await other.reload();
  await other.waitForURL("/login?redirect=%2Ftasks&reason=ended");
  await openForm(page, page.url());
  await logIn(page, ann.account);
  await expect(page.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
  await signUp(page, ann.account);
  await page.waitForURL("/tasks");
  await expect(page.getByRole("heading", { name: "Nothing to do" })).toBeVisible();
});
