/** An API that changes an address that is not confirmed as soon as that is asked. */
import { logIn, newAccount, openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

test.use({ configured: { CHANGE_UNVERIFIED_EMAIL_AT_ONCE: "true" } });

test.skip(({ served }) => served === "there", "the API is not ours to configure");

const NOT_CONFIRMED = "This address is not confirmed yet.";

test("an address that is not confirmed is changed at once, and the new one is then confirmed", async ({
  ann,
  page,
  mailbox,
}) => {
  const { email } = newAccount("Annabel");
  await page.goto("/settings");
  await page.getByLabel("New email").fill(email);
  await page.getByRole("button", { name: "Change email" }).click();
  await expect(page.getByText(`Your address is ${email} from now on.`)).toBeVisible();
  await expect(page.getByText(`You log in with ${email}`)).toBeVisible();
  await expect(page.getByText(NOT_CONFIRMED)).toBeVisible();
  await mailbox.mail(ann.account.email, "Your address was changed");

  await openForm(page, (await mailbox.mail(email, "Confirm your address")).url);
  await expect(page.getByRole("heading", { name: "Your address is changed" })).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByText(`You log in with ${email}`)).toBeVisible();
  await expect(page.getByText(NOT_CONFIRMED)).toBeHidden();

  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/login");
  await openForm(page, page.url());
  await logIn(page, { ...ann.account, email });
  await page.waitForURL("/tasks");
});
