/** Writes pictures of every page in both themes to docs/: `npm run screenshots`. */
import { openForm } from "./helpers/person";
import { fillList } from "./helpers/showcase";
import { expect, test } from "./helpers/test";

for (const colorScheme of ["light", "dark"] as const) {
  test(`pictures, ${colorScheme}`, async ({ newBrowser, ann, page, watch }) => {
    watch.expects(/status of (404|412)/);
    const size = { colorScheme, viewport: { width: 960, height: 640 } };
    const take = async (on: typeof page, name: string, fullPage = false) => {
      await on.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
      await on.screenshot({ path: `docs/${name}-${colorScheme}.png`, caret: "hide", fullPage });
    };
    const guest = await (await newBrowser(size)).newPage();
    for (const name of ["login", "signup"]) {
      await openForm(guest, `/${name}`);
      await take(guest, name, true);
    }
    await openForm(guest, "/forgot-password");
    await take(guest, "forgot-password", true);
    await openForm(guest, "/reset-password?token=abc");
    await take(guest, "reset-password", true);
    await openForm(guest, "/verify-email#ann%40example.com");
    await expect(guest.getByRole("heading", { name: "First confirm your address" })).toBeVisible();
    await take(guest, "verify-email", true);
    await guest.goto("/nowhere");
    await take(guest, "not-found");

    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size.viewport);
    await fillList(ann);
    await page.goto("/dashboard");
    await expect(page.getByRole("link", { name: "Done 3" })).toBeVisible();
    await expect(page.locator("canvas")).toBeVisible();
    await take(page, "dashboard");
    await page.goto("/settings");
    await expect(page.getByText("This device")).toBeVisible();
    await take(page, "settings", true);
    await ann.openTasks();
    await ann.newTask.fill("Call mum tomorrow 6pm !high");
    await expect(page.getByText("Tomorrow, 18:00")).toBeVisible();
    await take(page, "tasks");

    await ann.newTask.fill("");
    const task = await ann.savedTask("Water the plants");
    await ann.title("Water the plants").click();
    await ann.editor("Water the plants").getByLabel("Title").fill("Water the plants on the balcony");
    await take(page, "editing");
    if (task !== undefined) {
      await ann.changes(task, { priority: "high", title: "Water all plants" });
    }
    await ann.editor("Water the plants").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("dialog", { name: "This task was changed elsewhere" })).toBeVisible();
    await take(page, "conflict");
  });
}

test("pictures of a phone", async ({ ann, page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await fillList(ann);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await ann.openTasks();
    await expect(ann.titles).toHaveCount(6);
    await page.screenshot({ path: `docs/phone-${colorScheme}.png`, caret: "hide" });
  }
});
