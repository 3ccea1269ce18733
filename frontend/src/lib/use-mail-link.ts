import { useSyncExternalStore } from "react";
import { readMailLink, type MailLink } from "./mail-link";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  window.addEventListener("hashchange", onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
    window.removeEventListener("hashchange", onChange);
  };
}

/** What the link says that led to this page; null in HTML that is made ahead of time. */
export function useMailLink(): MailLink | null {
  const address = useSyncExternalStore(
    subscribe,
    () => window.location.search + window.location.hash,
    () => null,
  );
  return address === null ? null : readMailLink(address);
}
