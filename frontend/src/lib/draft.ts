/**
 * Words that are typed and not yet saved, kept for this tab: they outlive a reload, an API that is down, and a session
 * that ends in between.
 */
export interface Draft<T> {
  read(): T | null;
  keep(value: T): void;
  clear(): void;
}

export function draftOf<T>(userId: string, name: string): Draft<T> {
  const key = `draft:${userId}:${name}`;
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
      } catch {
        return null;
      }
    },
    keep(value) {
      sessionStorage.setItem(key, JSON.stringify(value));
    },
    clear() {
      sessionStorage.removeItem(key);
    },
  };
}
