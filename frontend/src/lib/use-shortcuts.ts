import { useEffect } from "react";
import { SHORTCUTS, usePreference } from "./preferences";

interface Shortcut {
  readonly key: string;
  readonly label?: string;
  readonly does: string;
}

export const KEYS = [
  { key: "q", does: "Add a task" },
  { key: "/", does: "Search" },
  { key: "j", does: "Next task" },
  { key: "k", does: "Previous task" },
  { key: "x", does: "Complete or reopen the task" },
  { key: "e", does: "Edit the task" },
  { key: "Delete", label: "Del", does: "Delete the task" },
  { key: "z", does: "Undo the last deletion" },
  { key: "?", does: "Show this help" },
] as const satisfies readonly Shortcut[];

/** The same keys as they are shown. */
export const SHOWN_KEYS: readonly Shortcut[] = KEYS;

export type Key = (typeof KEYS)[number]["key"];

/** Whether the key belongs to what has the focus, or to a window over the page. */
function isTaken(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    !(target instanceof Element) ||
    (target.matches("input:not([type=checkbox], [type=radio]), textarea, select") && event.key !== "Escape") ||
    target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null
  );
}

/** Does on single keys what is handed in, unless the person writes, or has switched them off. */
export function useShortcuts(actions: Readonly<Record<Key, () => void>>): void {
  const [wanted] = usePreference(SHORTCUTS);
  useEffect(() => {
    if (wanted === "off") {
      return;
    }
    const onKey = (event: KeyboardEvent) => {
      const key = KEYS.find((shortcut) => shortcut.key === event.key)?.key;
      if (key !== undefined && !isTaken(event)) {
        event.preventDefault();
        actions[key]();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [actions, wanted]);
}
