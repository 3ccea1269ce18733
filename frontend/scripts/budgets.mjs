/**
 * Prints how much JavaScript each page of the export loads before it can be used, gzipped, and fails where that is over
 * the page's budget.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** In bytes. */
const BUDGETS = {
  login: 150_000,
  signup: 150_000,
  "forgot-password": 150_000,
  "reset-password": 150_000,
  "verify-email": 150_000,
  tasks: 220_000,
  dashboard: 220_000,
  settings: 220_000,
};

const out = fileURLToPath(new URL("../out", import.meta.url));
const sizes = new Map();

/** The gzipped size of a script of the export. */
function sizeOf(path) {
  if (!sizes.has(path)) {
    sizes.set(path, gzipSync(readFileSync(join(out, decodeURI(path))), { level: 9 }).length);
  }
  return sizes.get(path);
}

/** The scripts that a page's HTML names; browsers that read it do not take those marked `nomodule`. */
function scriptsOf(page) {
  const html = readFileSync(join(out, `${page}.html`), "utf8");
  const tags = [...html.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag).filter((tag) => !/\snomodule\b/i.test(tag));
  return new Set(tags.map((tag) => /\ssrc="([^"?]+)/.exec(tag)?.[1]).filter((src) => src !== undefined));
}

for (const [page, budget] of Object.entries(BUDGETS)) {
  const scripts = scriptsOf(page);
  const size = [...scripts].reduce((sum, path) => sum + sizeOf(path), 0);
  const over = size > budget;
  console.log(
    `/${page}`.padEnd(17),
    `${(size / 1000).toFixed(1)} kB`.padStart(9),
    `of ${budget / 1000} kB,`,
    `${scripts.size} scripts`,
    over ? "  OVER" : "",
  );
  if (over) {
    process.exitCode = 1;
  }
}
