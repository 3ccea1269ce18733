/** An API that sends the link to confirm an address when somebody logs in, not when they sign up. */
import { logIn, newAccount, openForm, signUp } from "./helpers/person";
import { expect, test } from "./helpers/test";

test.use({
  configured: {
    REQUIRE_EMAIL_VERIFICATION: "true",
    VERIFY_EMAIL_ON_SIGN_UP: "false",
    VERIFY_EMAIL_ON_SIGN_IN: "true",
  },
});

test.skip(({ served }) => served === "there", "the API is not ours to configure");

test("the mail of a log-in that is refused leads to where the address is confirmed", async ({
  page,
  mailbox,
  watch,
}) => {
  watch.expects(/status of 403/);
  const account = newAccount("Ann");
  await signUp(page, account);
  await page.waitForURL("/verify-email#*");
  await openForm(page, "/login");
  await logIn(page, account);
  await page.waitForURL("/verify-email#*");
  await openForm(page, (await mailbox.mail(account.email, "Confirm your address")).url);
  await expect(page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();
  await openForm(page, "/login");
  await logIn(page, account);
  await page.waitForURL("/tasks");
});
