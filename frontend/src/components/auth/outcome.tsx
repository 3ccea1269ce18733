"use client";

import { useEffect, useRef, type ReactNode } from "react";

/** What has come of a form that it takes the place of: heard at once, as it takes the focus too. */
export function Outcome({ title, children }: { title: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.focus();
  }, []);
  return (
    <div ref={frame} tabIndex={-1} className="flex flex-col items-start gap-3 outline-none">
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      {children}
    </div>
  );
}
