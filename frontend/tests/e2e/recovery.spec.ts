/** A forgotten password, a new one, and the links in mails that lead there. */
import { logIn, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

const NEW_PASSWORD = "another long password";
const SUBJECT = "Set a new password";
const LOOK = { name: "Look into your mailbox" };

test("a forgotten password is replaced by a link in a mail, which signs everybody out", async ({
  bob,
  page,
  mailbox,
  watch,
}) => {
  watch.expects(/status of 401/);
  await openForm(page, "/login?redirect=%2Fsettings");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await openForm(page, page.url());
  await page.getByLabel("Email").fill(bob.account.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", LOOK)).toBeVisible();
  await expect(page.getByText(`If ${bob.account.email} has an account`)).toBeVisible();

  await openForm(page, (await mailbox.mail(bob.account.email, SUBJECT)).url);
  expect(new URL(page.url()).pathname).toBe("/reset-password");
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel("Confirm new password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.waitForURL("/login?reason=reset");
  await expect(page.getByRole("status")).toHaveText(/^Your new password is set, and every device is signed out\./);

  await logIn(page, bob.account);
  await expect(page.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
  await logIn(page, { ...bob.account, password: NEW_PASSWORD });
  await page.waitForURL("/tasks");
  // The browser that was signed in before is not any more.
  await bob.page.goto("/tasks");
  await bob.page.waitForURL("/login?redirect=%2Ftasks&reason=ended");
  await mailbox.mail(bob.account.email, "Your password was reset");
});

test("whoever is signed in and has forgotten the password sets a new one by mail", async ({ ann, page, mailbox }) => {
  await page.goto("/settings");
  await page.getByRole("link", { name: "Set a new one by mail" }).click();
  await page.waitForURL("/forgot-password#*");
  await expect(page.getByLabel("Email")).toHaveValue(ann.account.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", LOOK)).toBeVisible();
  await openForm(page, (await mailbox.mail(ann.account.email, SUBJECT)).url);
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel("Confirm new password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.waitForURL("/login?reason=reset");
  await openForm(page, page.url());
  await logIn(page, { ...ann.account, password: NEW_PASSWORD });
  await page.waitForURL("/tasks");
});

test("a link that was used leads to a new one", async ({ bob, page, mailbox }) => {
  const ask = async () => {
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("heading", LOOK)).toBeVisible();
  };
  const set = async (password: string) => {
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("Confirm new password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Set the new password" }).click();
  };
  await openForm(page, "/forgot-password");
  await page.getByLabel("Email").fill(bob.account.email);
  await ask();
  const { url } = await mailbox.mail(bob.account.email, SUBJECT);
  await openForm(page, url);
  await set(NEW_PASSWORD);
  await page.waitForURL("/login?reason=reset");

  await openForm(page, url);
  await expect(page.getByRole("heading", { name: "This link does not count any more" })).toBeVisible();
  await page.getByRole("link", { name: "Have a new link sent" }).click();
  await page.waitForURL("/forgot-password#*");
  await expect(page.getByLabel("Email")).toHaveValue(bob.account.email);
  await ask();
  const second = await mailbox.mail(bob.account.email, SUBJECT, 2);
  await openForm(page, second.url);
  await set("a third long password");
  await page.waitForURL("/login?reason=reset");
  await openForm(page, page.url());
  await logIn(page, { ...bob.account, password: "a third long password" });
  await page.waitForURL("/tasks");
});

test("a link that is used while its page is open elsewhere is refused there", async ({
  bob,
  page,
  mailbox,
  newBrowser,
  watch,
}) => {
  watch.expects(/status of 400/);
  await openForm(page, "/forgot-password");
  await page.getByLabel("Email").fill(bob.account.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  const { url } = await mailbox.mail(bob.account.email, SUBJECT);
  const other = await (await newBrowser()).newPage();
  for (const one of [page, other]) {
    await openForm(one, url);
    await one.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await one.getByLabel("Confirm new password", { exact: true }).fill(NEW_PASSWORD);
  }
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.waitForURL("/login?reason=reset");
  await other.getByRole("button", { name: "Set the new password" }).click();
  await expect(other.getByRole("heading", { name: "This link does not count any more" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Have a new link sent" })).toBeVisible();
});

test("an address without an account is answered as one that has one, and gets no mail", async ({
  bob,
  page,
  mailbox,
}) => {
  const nobody = `nobody-${bob.account.email}`;
  const said: string[] = [];
  for (const address of [nobody, bob.account.email]) {
    await openForm(page, "/forgot-password");
    await page.getByLabel("Email").fill(address);
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("heading", LOOK)).toBeVisible();
    said.push((await page.getByRole("main").innerText()).replaceAll(address, ""));
  }
  expect(said[0]).toBe(said[1]);
  // Mails go out in the order in which they were asked for.
  await mailbox.mail(bob.account.email, SUBJECT);
  expect(await mailbox.mails(nobody)).toEqual([]);
});

test("whoever has asked corrects the address without typing it again", async ({ bob, page, mailbox }) => {
  const mistyped = `m${bob.account.email}`;
  const email = page.getByLabel("Email");
  await openForm(page, "/forgot-password");
  await email.fill(mistyped);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`If ${mistyped} has an account`)).toBeVisible();
  await page.getByRole("button", { name: "Ask for another mail" }).click();
  await expect(email).toHaveValue(mistyped);
  await expect(email).toBeFocused();
  await email.press("Home");
  await email.press("Delete");
  await email.press("Enter");
  await expect(page.getByText(`If ${bob.account.email} has an account`)).toBeVisible();
  await mailbox.mail(bob.account.email, SUBJECT);
});

test("a new password keeps the rules of signing up", async ({ page }) => {
  await openForm(page, "/reset-password?token=abc");
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByLabel("Confirm new password", { exact: true }).fill("shirt");
  await page.getByRole("button", { name: "Set the new password" }).click();
  await expect(page.getByLabel("New password", { exact: true })).toHaveAccessibleDescription(
    /at least 8 characters\.$/,
  );
  await expect(page.getByLabel("New password", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Confirm new password", { exact: true })).toHaveAccessibleDescription(
    "The two passwords are not the same.",
  );
});

test("the page for a new password says what it needs where nobody followed a link, or one that is none", async ({
  page,
}) => {
  await openForm(page, "/reset-password");
  await expect(page.getByRole("heading", { name: "This page needs a link" })).toBeVisible();
  await openForm(page, "/api/auth/reset-password/guessed?callbackURL=%2Freset-password");
  await expect(page.getByRole("heading", { name: "This link does not count any more" })).toBeVisible();
  await page.getByRole("link", { name: "Have a new link sent" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
});

test("asking for a link while the API is down says so and keeps the address", async ({
  bob,
  page,
  servers,
  mailbox,
  watch,
}) => {
  watch.expects(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 50[0234]/);
  await openForm(page, "/forgot-password");
  await page.getByLabel("Email").fill(bob.account.email);
  await servers.stopApi?.();
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /^The server cannot be reached\./ })).toBeVisible();
  await expect(page.getByLabel("Email")).toBeFocused();
  await servers.startApi?.();
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", LOOK)).toBeVisible();
  await mailbox.mail(bob.account.email, SUBJECT);
});
