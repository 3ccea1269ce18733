import { defineConfig, type Project } from "@playwright/test";
import type { Served } from "./tests/e2e/helpers/servers";
import type { Options } from "./tests/e2e/helpers/test";

const served = (name: string, how: Served, testMatch: string): Project<Options> => ({
  name,
  testMatch,
  use: { served: how },
});

/** With a BASE_URL the suite runs against what is there; else it starts all it needs, once for each worker. */
const suites = process.env.BASE_URL
  ? [served("there", "there", "*.spec.ts")]
  : [served("export", "export", "*.spec.ts"), served("server", "server", "*.spec.ts")];

export default defineConfig<Options>({
  testDir: "tests/e2e",
  outputDir: "test-results",
  reporter: process.env.CI ? "list" : [["list", { printSteps: false }]],
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [...suites, served("screenshots", "export", "screenshots.ts"), served("vitals", "export", "vitals.ts")],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--disable-gpu", "--disable-quic", "--disable-sync"],
    },
  },
});
