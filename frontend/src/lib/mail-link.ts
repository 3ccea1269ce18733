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
