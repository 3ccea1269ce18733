import type { manager } from "@/components/ui/toaster";

/** What shows messages is not needed to see the page, so it comes after it. */
export const loadToaster = () => import("@/components/ui/toaster");

let begin: () => void = () => undefined;
const listening = new Promise<void>((resolve) => {
  begin = resolve;
});

/** Called once the toaster listens: what is said before would be heard by nobody, so it waits. */
export function toasterListens(): void {
  begin();
}

/** Short messages at the edge of the page, from anywhere. */
export const toasts = {
  add(...toast: Parameters<typeof manager.add>): void {
    void listening.then(loadToaster).then((loaded) => loaded.manager.add(...toast));
  },
  close(id: string): void {
    void listening.then(loadToaster).then((loaded) => {
      loaded.manager.close(id);
    });
  },
};

/** Says what went wrong, at once also to who listens. */
export function sayError(error: unknown): void {
  toasts.add({ type: "error", title: (error as Error).message, priority: "high", timeout: 10_000 });
}
