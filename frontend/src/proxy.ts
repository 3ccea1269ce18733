import { readFileSync } from "node:fs";
import { NextResponse, type NextRequest } from "next/server";
import { decide, SESSION_COOKIES } from "@/lib/routes";

/** Where `/api/*` is answered. Read when the server starts, so that one build serves any stage. */
const API_URL = process.env.API_URL ?? "http://localhost:9000";

/** The content policy of the built pages. `next dev` makes its pages as they are asked for, and has none. */
const HEADERS =
  process.env.NODE_ENV === "production"
    ? (JSON.parse(readFileSync(".next/_headers.json", "utf8")) as Record<string, string>)
    : {};

/**
 * Passes calls of the API on, so that pages and API have one origin, and sends people where the rules say. The cookie is
 * only looked at here; the API is what verifies it.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = new URL(request.url);
  if (pathname.startsWith("/api/")) {
    return NextResponse.rewrite(new URL(pathname + search, API_URL));
  }
  const outcome = decide({
    path: pathname,
    // What the router adds to its own requests is no part of where the person wants to go.
    query: search.slice(1).replace(/(^|&)_rsc=[^&]*/, ""),
    cookie: SESSION_COOKIES.some((name) => request.cookies.get(name)?.value),
  });
  if (outcome.kind === "redirect") {
    return NextResponse.redirect(new URL(outcome.to, request.url), outcome.status);
  }
  return NextResponse.next({ headers: HEADERS });
}

export const config = { matcher: ["/((?!_next/).*)"] };
