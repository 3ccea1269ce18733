import { queryValue } from "./routes";

/** What the address of a page says that a link in a mail has led to. */
export interface MailLink {
  /** What may set a new password. */
  readonly token: string;
  /** Why the API has refused the link; empty where it has not. */
  readonly error: string;
  /** What following it was for: `verify` or `change` an address; empty where none was followed. */
  readonly purpose: string;
  /** The address that it is about, as far as is known. */
  readonly email: string;
}

/** Reads the query and the fragment of such a page. */
export function readMailLink(queryAndFragment: string): MailLink {
  const [query = "", fragment = ""] = queryAndFragment.replace(/^\?/, "").split("#");
  const value = (name: string) => queryValue(query, name) ?? "";
  return {
    token: value("token"),
    error: value("error"),
    purpose: value("for"),
    // It is encoded as a value of a query is.
    email: queryValue(`email=${fragment}`, "email") ?? "",
  };
}

/** What has come of a link about an address. */
export type Confirmation =
  /** None was followed yet. */
  | "waiting"
  | "verified"
  /** The account has the new address. */
  | "changed"
  /** The change goes on with a mail to the new address, unless it is made already. */
  | "agreed"
  | `${"verify" | "change"}-${"expired" | "useless"}`
  | "somebody-else";

/** What has come of a link, seen from a browser in which somebody with this address, or nobody, is signed in. */
export function confirmationBy({ purpose, error, email }: MailLink, ownEmail: string | null): Confirmation {
  const isChange = purpose === "change";
  // Programs that look into mails may have followed the link before its reader did.
  if (isChange && email !== "" && email.toLowerCase() === ownEmail) {
    return "changed";
  }
  if (error === "INVALID_USER") {
    return "somebody-else";
  }
  if (error !== "") {
    return `${isChange ? "change" : "verify"}-${error === "TOKEN_EXPIRED" ? "expired" : "useless"}`;
  }
  return isChange ? "agreed" : purpose === "verify" ? "verified" : "waiting";
}
