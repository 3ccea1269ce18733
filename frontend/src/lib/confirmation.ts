import type { MailLink } from "./mail-link";

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
