/**
 * Who may see which page: the table in `routes.json` and one pure function.
 *
 * The proxy of `next start`, the function in front of the bucket and the local stack decide by these rules, and
 * `tests/routes.cases.json` holds them to the same answers. A session cookie is only a hint: it says where to begin, and
 * the API says what may be seen.
 */
import rules from "./routes.json";

/**
 * `member` pages want a session cookie, `guest` pages are for those without one, and `anyone` may see the third kind; `entry`
 * only leads to one of the first two.
 */
export type Access = "member" | "guest" | "entry" | "anyone";

export interface Page {
  readonly path: string;
  /** The file of the static export, relative to its root. */
  readonly file: string;
  readonly access: Access;
}

export const PAGES = rules.pages as readonly Page[];

/** Any of these, with a value, counts as the hint. The prefix is there behind https. */
export const SESSION_COOKIES: readonly string[] = rules.sessionCookies;

export const LOGIN = rules.login;
export const HOME = rules.home;
export const NOT_FOUND_FILE = rules.notFoundFile;

/** Files that the export has for the servers in front of it, not for visitors. */
const PRIVATE_FILES: readonly string[] = rules.privateFiles;

export interface RouteRequest {
  /** As in the request line, percent-encoding kept, without the query. */
  readonly path: string;
  /** The raw query without its question mark, empty where there is none. */
  readonly query: string;
  /** Whether one of SESSION_COOKIES came with a value. */
  readonly cookie: boolean;
}

export type Outcome =
  | { readonly kind: "serve"; readonly file: string }
  | { readonly kind: "missing"; readonly file: string }
  | { readonly kind: "redirect"; readonly status: 307 | 308; readonly to: string };

function withQuery(path: string, query: string): string {
  return query === "" ? path : path + "?" + query;
}

function pageAt(path: string): Page | undefined {
  return PAGES.find((page) => page.path === path);
}

/** The first value of a parameter, decoded; null where it is absent or not decodable. */
export function queryValue(query: string, name: string): string | null {
  for (const pair of query.split("&")) {
    const at = pair.indexOf("=");
    if (at === -1 ? pair !== name : pair.slice(0, at) !== name) {
      continue;
    }
    try {
      return at === -1
        ? ""
        : decodeURIComponent(
            pair
              .slice(at + 1)
              .split("+")
              .join(" "),
          );
    } catch {
      return null;
    }
  }
  return null;
}

/**
 * Where a person goes after signing in: the wanted target where it is one of the member pages, with any query or
 * fragment of printable ASCII without a backslash; HOME for everything else. An allow list, so that no spelling of
 * another host, scheme or line break can pass.
 */
export function safeTarget(wanted: string | null): string {
  if (wanted === null || !/^[!-[\]-~]+$/.test(wanted)) {
    return HOME;
  }
  const page = pageAt(wanted.split(/[?#]/)[0] ?? "");
  return page !== undefined && page.access === "member" ? wanted : HOME;
}

/** The login page that leads back to where the person was. */
export function loginFor(pathAndQuery: string): string {
  return LOGIN + "?redirect=" + encodeURIComponent(pathAndQuery);
}

/**
 * Decides about one GET or HEAD of anything outside `/api/`.
 *
 * `reason` in the query of a guest page means that the API has just refused the session, so the cookie is not believed:
 * a dead one would otherwise send the person to and fro between two pages for ever.
 */
export function decide(request: RouteRequest): Outcome {
  const { path, query, cookie } = request;
  if (path.length > 1 && path.endsWith("/") && pageAt(path.slice(0, -1)) !== undefined) {
    return { kind: "redirect", status: 308, to: withQuery(path.slice(0, -1), query) };
  }
  const page = pageAt(path);
  if (page === undefined) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const isFile = name.includes(".") && !name.endsWith(".html") && !PRIVATE_FILES.includes(path);
    return isFile && /^\/[A-Za-z0-9_!$@()[\]~./-]+$/.test(path) && !path.includes("//") && !path.includes("..")
      ? { kind: "serve", file: path.slice(1) }
      : { kind: "missing", file: NOT_FOUND_FILE };
  }
  if (page.access === "entry") {
    return { kind: "redirect", status: 307, to: cookie ? HOME : LOGIN };
  }
  if (page.access === "member" && !cookie) {
    return { kind: "redirect", status: 307, to: loginFor(withQuery(path, query)) };
  }
  if (page.access === "guest" && cookie && !queryValue(query, "reason")) {
    return { kind: "redirect", status: 307, to: safeTarget(queryValue(query, "redirect")) };
  }
  return { kind: "serve", file: page.file };
}
