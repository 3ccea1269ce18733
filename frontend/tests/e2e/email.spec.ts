/** Confirming the address of an account, and changing it. */
import { logIn, newAccount, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

const CONFIRM = "Confirm your address";
const NOT_CONFIRMED = "This address is not confirmed yet.";

test("an address is confirmed by a link that the settings send", async ({ ann, page, mailbox }) => {
  await page.goto("/settings");
  await expect(page.getByText(NOT_CONFIRMED)).toBeVisible();
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`A link is on its way to ${ann.account.email}.`)).toBeVisible();
  const { url } = await mailbox.mail(ann.account.email, CONFIRM);
  // Opened twice, as a program that looks into mails may have been first.
  for (let time = 0; time < 2; time += 1) {
    await openForm(page, url);
    await expect(page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();
  }
  await page.getByRole("link", { name: "Go to your tasks" }).click();
  await expect(ann.newTask).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Email" })).toBeVisible();
  await expect(page.getByText(NOT_CONFIRMED)).toBeHidden();
});

test("a link that has expired leads to another one", async ({ bob, page, mailbox }) => {
  const { email } = bob.account;
  // No test waits for an hour: this is where the API leads then.
  await openForm(page, `/verify-email?for=verify&error=TOKEN_EXPIRED#${encodeURIComponent(email)}`);
  await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(email);
  await page.getByRole("button", { name: "Send another link" }).click();
  await expect(page.getByText(`If ${email} is still to be confirmed, a link is on its way.`)).toBeVisible();
  await openForm(page, (await mailbox.mail(email, CONFIRM)).url);
  await expect(page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();
});

test("a link that is not whole says so", async ({ page, mailbox, bob }) => {
  await openForm(page, "/verify-email");
  await page.getByLabel("Email").fill(bob.account.email);
  await page.getByRole("button", { name: "Send another link" }).click();
  const { url } = await mailbox.mail(bob.account.email, CONFIRM);
  await openForm(page, url.replace(/token=[^&]{6}/, "token="));
  await expect(page.getByRole("heading", { name: "This link does not count any more" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(bob.account.email);
});

test("an address is changed by a link in a mail to the new one, and the old one is told", async ({
  ann,
  page,
  mailbox,
  watch,
}) => {
  watch.expects(/status of 401/);
  const { email } = newAccount("Annabel");
  const old = ann.account.email;
  await page.goto("/settings");
  await page.getByLabel("New email").fill(`  ${email.toUpperCase()}`);
  await page.getByRole("button", { name: "Change email" }).click();
  await expect(page.getByText("Look into both of your mailboxes.")).toBeVisible();
  await expect(page.getByText(`You log in with ${old}`).first()).toBeVisible();

  const { url } = await mailbox.mail(email, "Confirm your new address");
  await openForm(page, url);
  await expect(page.getByRole("heading", { name: "Your address is changed" })).toBeVisible();
  await expect(page.getByText(`From now on you log in with ${email}.`)).toBeVisible();
  await mailbox.mail(old, "Your address was changed");
  // The reader opens it once more, or is the second after a program.
  await openForm(page, url);
  await expect(page.getByRole("heading", { name: "Your address is changed" })).toBeVisible();

  await page.goto("/settings");
  await expect(page.getByText(`You log in with ${email}`)).toBeVisible();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/login");
  await openForm(page, "/login");
  await logIn(page, ann.account);
  await expect(page.getByRole("alert").filter({ hasText: "The email or the password is wrong." })).toBeVisible();
  await logIn(page, { ...ann.account, email });
  await page.waitForURL("/tasks");
});

test("an address that somebody has is not given to another, and nobody learns whose it is", async ({
  ann,
  bob,
  page,
  mailbox,
}) => {
  await page.goto("/settings");
  const free = newAccount("Annabel").email;
  for (const email of [bob.account.email, free]) {
    await page.getByLabel("New email").fill(email);
    await page.getByRole("button", { name: "Change email" }).click();
    await expect(page.getByText(`Then open the link in the mail to ${email}`)).toBeVisible();
  }
  await expect(page.getByText(`You log in with ${ann.account.email}`).first()).toBeVisible();
  // Mails go out in the order in which they were asked for.
  await mailbox.mail(free, "Confirm your new address");
  expect(await mailbox.mails(bob.account.email)).toEqual([]);
});

test("an address that will not do is refused beside its field", async ({ ann, page }) => {
  await page.goto("/settings");
  for (const [value, sentence] of [
    ["", "Enter your email address."],
    ["ann@", "This email address is not valid."],
    [ann.account.email, "This is your address already."],
  ] as const) {
    await page.getByLabel("New email").fill(value);
    await page.getByRole("button", { name: "Change email" }).click();
    await expect(page.getByLabel("New email")).toHaveAccessibleDescription(new RegExp(`${sentence}$`));
    await expect(page.getByLabel("New email")).toBeFocused();
  }
});

test("a link to change an address does nothing where somebody else is signed in", async ({
  ann,
  bob,
  page,
  mailbox,
}) => {
  const { email } = newAccount("Annabel");
  await page.goto("/settings");
  await page.getByLabel("New email").fill(email);
  await page.getByRole("button", { name: "Change email" }).click();
  const { url } = await mailbox.mail(email, "Confirm your new address");
  await openForm(bob.page, url);
  await expect(bob.page.getByRole("heading", { name: "Somebody else is signed in here" })).toBeVisible();
  await page.reload();
  await expect(page.getByText(`You log in with ${ann.account.email}`)).toBeVisible();
});
