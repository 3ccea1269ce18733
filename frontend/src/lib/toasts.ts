import { Toast } from "@base-ui/react/toast";

/** Short messages at the edge of the page, from anywhere. */
export const toasts = Toast.createToastManager();

/** Says what went wrong, at once also to who listens. */
export function sayError(error: unknown): void {
  toasts.add({ type: "error", title: (error as Error).message, priority: "high", timeout: 10_000 });
}
