import { useSyncExternalStore } from "react";

/** What a person has chosen for this browser: kept in its storage, the same in all tabs. */
interface Preference<T extends string> {
  readonly name: string;
  readonly values: readonly [T, ...T[]];
}

export type Theme = "system" | "light" | "dark";

export const THEME: Preference<Theme> = { name: "theme", values: ["system", "light", "dark"] };
export const SHORTCUTS: Preference<"on" | "off"> = { name: "shortcuts", values: ["on", "off"] };

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function read<T extends string>({ name, values }: Preference<T>): T {
  const kept = localStorage.getItem(name);
  return values.find((value) => value === kept) ?? values[0];
}

export function usePreference<T extends string>(preference: Preference<T>): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(preference),
    () => preference.values[0],
  );
  const choose = (chosen: T) => {
    localStorage.setItem(preference.name, chosen);
    listeners.forEach((listener) => listener());
  };
  return [value, choose];
}
