import { useSyncExternalStore } from "react";

/** Sends the deletion; `last` when the page is about to go and nobody will wait for the answer. */
type Send = (options: { last: boolean }) => Promise<void>;

const waiting = new Map<number, Send>();
const listeners = new Set<() => void>();
const none: ReadonlySet<number> = new Set();
let hidden = none;

function changed(): void {
  hidden = new Set(waiting.keys());
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/**
 * Tasks that are deleted as far as the person can see, and not yet as far as the API knows. Undoing then is not sending,
 * so the task keeps its id and its history.
 */
export function useHiddenTasks(): ReadonlySet<number> {
  return useSyncExternalStore(
    subscribe,
    () => hidden,
    () => none,
  );
}

/** Hides a task until it is restored or its deletion is sent. */
export function holdDelete(taskId: number, send: Send): void {
  waiting.set(taskId, send);
  changed();
}

/** Takes a deletion back; false where it has been sent already. */
export function restore(taskId: number): boolean {
  const held = waiting.delete(taskId);
  changed();
  return held;
}

/** The task whose deletion was held last. */
export function lastHeld(): number | undefined {
  return [...waiting.keys()].at(-1);
}

/** Sends a deletion that is still held. The task stays hidden until the answer is there. */
export async function sendDelete(taskId: number): Promise<void> {
  const send = waiting.get(taskId);
  if (send === undefined) {
    return;
  }
  try {
    await send({ last: false });
  } finally {
    restore(taskId);
  }
}

/** Sends all that are held, for when the session is about to end. */
export async function sendAllDeletes(): Promise<void> {
  await Promise.allSettled([...waiting.keys()].map(sendDelete));
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => {
    for (const send of waiting.values()) {
      void send({ last: true }).catch(() => undefined);
    }
    waiting.clear();
    changed();
  });
}
