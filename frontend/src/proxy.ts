import { NextResponse, type NextRequest } from "next/server";
import { decide, SESSION_COOKIES } from "@/lib/routes";

/** Sends people where the rules say. The cookie is only looked at here; the API is what verifies it. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const outcome = decide({
    path: pathname,
    query: search.slice(1),
    cookie: SESSION_COOKIES.some((name) => request.cookies.get(name)?.value),
  });
  if (outcome.kind === "redirect") {
    return NextResponse.redirect(new URL(outcome.to, request.url), outcome.status);
  }
  return NextResponse.next();
}

export const config = { matcher: ["/((?!api/|_next/).*)"] };
