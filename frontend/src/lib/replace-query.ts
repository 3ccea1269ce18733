/** Puts another query in the address without a step in the history, and tells whoever reads it. */
export function replaceQuery(query: string): void {
  const { pathname, hash } = window.location;
  window.history.replaceState(window.history.state, "", (query === "" ? pathname : `${pathname}?${query}`) + hash);
  window.dispatchEvent(new PopStateEvent("popstate", { state: window.history.state }));
}
