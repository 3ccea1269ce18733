import { useSyncExternalStore } from "react";

const CHANGED = "querystringchange";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
    window.removeEventListener(CHANGED, onChange);
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

/** Puts another query in the address without a step in the history. */
export function replaceQueryString(query: string): void {
  const { pathname, hash } = window.location;
  window.history.replaceState(null, "", (query === "" ? pathname : `${pathname}?${query}`) + hash);
  window.dispatchEvent(new Event(CHANGED));
}
