/**
 * Prints the largest contentful paint and the layout shifts of every page, each loaded by a browser that has nothing of
 * it yet: `npm run vitals`. Not a gate, as both depend on the machine.
 */
import type { Page } from "@playwright/test";
import { fillList } from "./helpers/showcase";
import { expect, test } from "./helpers/test";

interface Vitals {
  readonly paint: number;
  readonly shift: number;
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}

/** Loads a page, waits until it has come to rest, and reads what the browser has noted. */
async function measure(page: Page, address: string): Promise<Vitals> {
  await page.goto(address, { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  return page.evaluate(async () => {
    const entries = (type: string) =>
      new Promise<PerformanceEntry[]>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
        // There may be none.
        setTimeout(() => resolve([]), 500);
      });
    const [paints, shifts] = await Promise.all([entries("largest-contentful-paint"), entries("layout-shift")]);
    return {
      paint: Math.round(paints.at(-1)?.startTime ?? 0),
      shift: (shifts as LayoutShift[]).reduce((sum, { value }) => sum + value, 0),
    };
  });
}

test("largest contentful paint and layout shift", async ({ newBrowser, ann, context }) => {
  await fillList(ann);
  const storageState = await context.storageState();
  const forGuests = ["/login", "/signup", "/forgot-password", "/reset-password", "/verify-email"];
  for (const address of [...forGuests, "/tasks", "/dashboard", "/settings"]) {
    const guest = forGuests.includes(address);
    const fresh = await newBrowser(guest ? {} : { storageState });
    const { paint, shift } = await measure(await fresh.newPage(), address);
    console.log(`${address.padEnd(17)} largest contentful paint ${paint} ms, layout shift ${shift.toFixed(3)}`);
  }
});
