/**
 * Writes the headers that whoever serves the built pages sends with them: `out/_headers.json` for the export,
 * `.next/_headers.json` for `next start`. The content policy allows what the pages really have and nothing else; Next's
 * inline scripts are named by their hashes. Whatever would need a wider policy fails the build.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const forServer = process.argv.includes("--server");
const root = fileURLToPath(new URL(forServer ? "../.next" : "../out", import.meta.url));
const out = forServer ? join(root, "server/app") : root;
// Next's own last resort has inline styles; it is seen without them.
const pages = readdirSync(out, { recursive: true }).filter((name) => /^(?!_global-error).*\.html$/.test(name));

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

writeFileSync(join(root, "_headers.json"), `${JSON.stringify({ "content-security-policy": text }, null, 2)}\n`);
console.log(`Content policy for ${pages.length} pages: ${hashes.size} inline scripts, ${text.length} characters.`);
