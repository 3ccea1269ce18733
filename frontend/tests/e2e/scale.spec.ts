/** A list that is long. */
import { expect, test } from "./helpers/test";

const TASKS = 1_000;
/** In milliseconds of the processor: what the page may take for a frame on average, to reach sixty in a second. */
const WORK_PER_FRAME = 16;
/** Rows that are in the page at once, whatever the length of the list. */
const ROWS = 60;

interface Scrolling {
  readonly seen: number;
  readonly mostRows: number;
  readonly emptyFrames: number;
  readonly longest: number;
  readonly frames: number;
  readonly slowFrames: number;
}

test(`${TASKS} tasks scroll smoothly, with few of them in the page`, async ({ ann, page }) => {
  test.setTimeout(180_000);
  const numbers = Array.from({ length: TASKS }, (_, at) => at);
  while (numbers.length > 0) {
    // A few at a time, as the server has only so many cores.
    await Promise.all(numbers.splice(0, 25).map((at) => ann.has(`Task ${at}`)));
  }
  await ann.openTasks("?sort=created");
  await expect(ann.titles.first()).toBeVisible();

  // Time of the processor, not of the clock: other programs of the machine do not count.
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN);
  };
  const before = await work();
  const result = await page.evaluate(async (): Promise<Scrolling> => {
    const seen = new Set<string>();
    let [mostRows, emptyFrames, longest, frames, slowFrames] = [0, 0, 0, 0, 0];
    new PerformanceObserver((list) => {
      longest = Math.max(longest, ...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: "longtask" });
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const scroller = document.documentElement;
    let [before, still] = [await frame(), 0];
    // At the end nothing moves any more and nothing more is loaded.
    while (still < 60) {
      const top = scroller.scrollTop;
      window.scrollBy(0, 100);
      const now = await frame();
      frames += 1;
      slowFrames += now - before > 50 ? 1 : 0;
      before = now;
      const rows = [...document.querySelectorAll<HTMLElement>("[data-task]")];
      rows.forEach((row) => seen.add(row.dataset.task ?? ""));
      mostRows = Math.max(mostRows, rows.length);
      const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      emptyFrames += middle?.closest("li") ? 0 : 1;
      still = scroller.scrollTop === top ? still + 1 : 0;
    }
    return { seen: seen.size, mostRows, emptyFrames, longest: Math.round(longest), frames, slowFrames };
  });
  const perFrame = ((await work()) - before) / result.frames;
  console.log(
    `  ${result.seen} tasks in ${result.frames} frames, ${perFrame.toFixed(1)} ms of work each: ${result.slowFrames} over 50 ms, longest ` +
      `${result.longest} ms, at most ${result.mostRows} rows, ${result.emptyFrames} frames without one in the middle`,
  );
  expect(result.seen).toBe(TASKS);
  expect(result.mostRows).toBeLessThan(ROWS);
  expect(perFrame).toBeLessThan(WORK_PER_FRAME);
  expect(result.emptyFrames).toBeLessThan(result.frames / 50);

  await page.keyboard.press("Home");
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await expect(ann.titles.first()).toBeInViewport();
});
