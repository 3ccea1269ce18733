/**
 * Holds a running server to the table of cases: `npm run routes -- http://localhost:3000`. Files of the table that only
 * an export has may be missing there; they must not lead anywhere else.
 */
import { readFileSync } from "node:fs";

const base = process.argv[2] ?? "http://localhost:3000";
const cases = JSON.parse(readFileSync(new URL("../tests/routes.cases.json", import.meta.url), "utf8"));
const { pages } = JSON.parse(readFileSync(new URL("../src/lib/routes.json", import.meta.url), "utf8"));
let wrong = 0;

/** Whether a server has answered a case as the table has it. */
function agrees({ outcome }, { status, headers }, asked) {
  switch (outcome.kind) {
    case "redirect":
      return (
        status === outcome.status && new URL(headers.get("location"), asked).href === new URL(outcome.to, base).href
      );
    case "missing":
      return status === 404;
    default:
      return pages.some(({ file }) => file === outcome.file) ? status === 200 : status === 200 || status === 404;
  }
}

for (const row of cases) {
  // fetch would tidy such a path before it is sent, so what it sends is another case.
  if (/\/\.\.?\//.test(row.path)) {
    continue;
  }
  const asked = base + row.path + (row.query && `?${row.query}`);
  const headers = row.cookie ? { cookie: "better-auth.session_token=a.b" } : {};
  const answer = await fetch(asked, { headers, redirect: "manual" });
  if (!agrees(row, answer, asked)) {
    wrong += 1;
    console.log(`${asked} ${row.cookie ? "with" : "without"} a cookie: expected ${JSON.stringify(row.outcome)},`);
    console.log(`  got ${answer.status} ${answer.headers.get("location") ?? ""}`);
  }
}

console.log(`${cases.length} cases, ${wrong} answered otherwise.`);
process.exitCode = wrong === 0 ? 0 : 1;
