import { useSyncExternalStore } from "react";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
  };
}

/** The query of the page's address without its question mark; empty in HTML that is made ahead of time. */
export function useQueryString(): string {
  return useSyncExternalStore(
    subscribe,
    () => window.location.search.slice(1),
    () => "",
  );
}
