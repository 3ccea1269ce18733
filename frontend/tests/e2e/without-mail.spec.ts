/** An API that sends no mail, as it is deployed by default: what takes one says so. */
import { openForm } from "./helpers/person";
import { expect, test } from "./helpers/test";

// A blank, as the local stack fills in what is empty.
test.use({ configured: { MAIL_FROM: " ", CHANGE_EMAIL: "false", DELETE_USER: "false" } });

test.skip(({ served }) => served === "there", "the API is not ours to configure");

test("a forgotten password says whom to ask", async ({ page, watch }) => {
  watch.expects(/status of 400/);
  await openForm(page, "/forgot-password");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /^This service sends no mail/ })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue("ann@example.com");
});

test("settings that are off say so, and nothing is changed", async ({ ann, page, watch }) => {
  watch.expects(/status of 40[04]/);
  await page.goto("/settings");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("This service sends no mail, so addresses cannot be confirmed here.")).toBeVisible();

  await page.getByLabel("New email").fill("another@example.com");
  await page.getByRole("button", { name: "Change email" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /^Addresses cannot be changed here\./ })).toBeVisible();
  await expect(page.getByLabel("New email")).toHaveValue("another@example.com");

  await page.getByRole("button", { name: "Delete my account" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete your account?" });
  await question.getByLabel("Password", { exact: true }).fill(ann.account.password);
  await question.getByRole("button", { name: "Delete the account" }).click();
  await expect(question.getByRole("alert")).toHaveText(
    "Accounts cannot be deleted here. Write to whoever runs this service.",
  );
  await question.getByRole("button", { name: "Cancel" }).click();
  await ann.openTasks();
});

test("what takes no mail works all the same", async ({ ann, page }) => {
  await ann.has("Kept");
  await page.goto("/settings");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.json$/);
});
