/**
 * Writes `out/_headers.json`: the headers that whoever serves the export sends with its pages. The content policy allows
 * what the pages really have and nothing else; Next's inline scripts are named by their hashes. Whatever would need a
 * wider policy fails the build.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const out = fileURLToPath(new URL("../out", import.meta.url));
const pages = readdirSync(out, { recursive: true }).filter((name) => name.endsWith(".html"));

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi;
const hashes = new Set();

for (const page of pages) {
  const html = readFileSync(join(out, page), "utf8");
  for (const [, script] of html.matchAll(INLINE_SCRIPT)) {
    hashes.add(`'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  }
  const markup = html.replace(INLINE_SCRIPT, "");
  const refused = /<style\b|<[^>]+\s(?:style|on[a-z]+)="/i.exec(markup);
  if (refused !== null) {
    throw new Error(
      `${page} has inline styles or handlers, which the content policy refuses: ${refused[0].slice(-120)}`,
    );
  }
}

const api = process.env.NEXT_PUBLIC_API_URL;
const policy = {
  "default-src": ["'none'"],
  "script-src": ["'self'", ...[...hashes].sort()],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'", ...(api === undefined ? [] : [new URL(api).origin])],
  "manifest-src": ["'self'"],
  "form-action": ["'self'"],
  "base-uri": ["'none'"],
  "frame-ancestors": ["'none'"],
};

const text = Object.entries(policy)
  .map(([name, sources]) => [name, ...sources].join(" "))
  .join("; ");

writeFileSync(join(out, "_headers.json"), `${JSON.stringify({ "content-security-policy": text }, null, 2)}\n`);
console.log(`Content policy for ${pages.length} pages: ${hashes.size} inline scripts, ${text.length} characters.`);
