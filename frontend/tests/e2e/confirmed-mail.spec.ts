/** An API that wants every address confirmed, and a mail before what cannot be taken back. */
import type { Page } from "@playwright/test";
import { logIn, newAccount, openForm, signUp, type Account } from "./helpers/person";
import type { Mailbox } from "./helpers/mailbox";
import { expect, test } from "./helpers/test";

test.use({
  configured: {
    REQUIRE_EMAIL_VERIFICATION: "true",
    CONFIRM_CHANGE_EMAIL: "true",
    CONFIRM_DELETE_USER: "true",
  },
});

test.skip(({ served }) => served === "there", "the API is not ours to configure");

const CONFIRM = "Confirm your address";
const CONFIRMED = { name: "Your address is confirmed" };

/** Signs up, confirms the address and logs in. */
async function signedIn(page: Page, mailbox: Mailbox, account: Account): Promise<void> {
  await signUp(page, account);
  await page.waitForURL("/verify-email#*");
  await openForm(page, (await mailbox.mail(account.email, CONFIRM)).url);
  await expect(page.getByRole("heading", CONFIRMED)).toBeVisible();
  await openForm(page, "/login");
  await logIn(page, account);
  await page.waitForURL("/tasks");
}

test("who has signed up confirms the address before logging in", async ({ page, mailbox, watch }) => {
  watch.expects(/status of 403/);
  const account = newAccount("Ann");
  await signUp(page, account);
  await page.waitForURL("/verify-email#*");
  await expect(page.getByText(`open the link in the mail that was sent to ${account.email}.`)).toBeVisible();
  await mailbox.mail(account.email, CONFIRM);

  await openForm(page, "/login");
  await logIn(page, account);
  await page.waitForURL("/verify-email#*");
  await expect(page.getByRole("heading", { name: "First confirm your address" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(account.email);
  await page.getByRole("button", { name: "Send another link" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  await openForm(page, (await mailbox.mail(account.email, CONFIRM, 2)).url);
  await expect(page.getByRole("heading", CONFIRMED)).toBeVisible();
  await page.getByRole("link", { name: "Go to your tasks" }).click();
  await openForm(page, page.url());
  await logIn(page, account);
  await page.waitForURL("/tasks");
});

test("who signs up with an address that has an account is answered as anybody, and its owner may take it over", async ({
  page,
  mailbox,
}) => {
  const account = newAccount("Ann");
  await signUp(page, account);
  await page.waitForURL("/verify-email#*");
  const again = { ...account, password: "chosen by its owner" };
  await signUp(page, again);
  await page.waitForURL("/verify-email#*");
  await openForm(page, (await mailbox.mail(account.email, "You have an account already")).url);
  expect(new URL(page.url()).pathname).toBe("/reset-password");
  await page.getByLabel("New password", { exact: true }).fill(again.password);
  await page.getByLabel("Confirm new password", { exact: true }).fill(again.password);
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.waitForURL("/login?reason=reset");
  await openForm(page, page.url());
  // The mail has proven the address, too.
  await logIn(page, again);
  await page.waitForURL("/tasks");
});

test("a confirmed address agrees to another one before that is asked", async ({ page, mailbox }) => {
  const account = newAccount("Ann");
  const { email } = newAccount("Annabel");
  await signedIn(page, mailbox, account);
  await page.goto("/settings");
  await page.getByLabel("New email").fill(email);
  await page.getByRole("button", { name: "Change email" }).click();
  await expect(page.getByText(`If a mail has come to ${account.email}, open its link first`)).toBeVisible();

  const subject = "Confirm your new address";
  await openForm(page, (await mailbox.mail(account.email, subject)).url);
  await expect(page.getByRole("heading", { name: "Look into your new mailbox" })).toBeVisible();
  await expect(page.getByText(`there is another mail at ${email}`)).toBeVisible();
  await openForm(page, (await mailbox.mail(email, subject)).url);
  await expect(page.getByRole("heading", { name: "Your address is changed" })).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByText(`You log in with ${email}`)).toBeVisible();
});

test("an account is deleted by a link in a mail, in the browser that is signed in", async ({
  page,
  mailbox,
  watch,
}) => {
  watch.expects(/status of 401/);
  const account = newAccount("Ann");
  await signedIn(page, mailbox, account);
  await page.goto("/settings");
  await page.getByRole("button", { name: "Delete my account" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete your account?" });
  await question.getByLabel("Password", { exact: true }).fill(account.password);
  await question.getByRole("button", { name: "Delete the account" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByText("Nothing is deleted yet.")).toBeVisible();

  await openForm(page, (await mailbox.mail(account.email, "Delete your account")).url);
  expect(page.url()).toBe(new URL("/login?reason=deleted", page.url()).href);
  await expect(page.getByRole("status")).toHaveText("Your account is deleted.");
  await logIn(page, account);
  await expect(page.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
});
