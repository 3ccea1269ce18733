import type { ReactNode } from "react";

/** What went wrong, announced at once. The region stays while it is empty, so that its text is heard when it comes. */
export function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="rounded-lg bg-danger-tint px-4 py-3 text-sm font-medium text-danger empty:hidden">
      {children}
    </div>
  );
}
