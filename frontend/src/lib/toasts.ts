import type { manager } from "@/components/ui/toaster";

/** What shows messages is not needed to see the page, so it comes after it. */
export const loadToaster = () => import("@/components/ui/toaster");

/** Short messages at the edge of the page, from anywhere. */
export const toasts = {
  add(...toast: Parameters<typeof manager.add>): void {
    void loadToaster().then((loaded) => loaded.manager.add(...toast));
  },
  close(id: string): void {
    void loadToaster().then((loaded) => {
      loaded.manager.close(id);
    });
  },
};

/** Says what went wrong, at once also to who listens. */
export function sayError(error: unknown): void {
  toasts.add({ type: "error", title: (error as Error).message, priority: "high", timeout: 10_000 });
}
