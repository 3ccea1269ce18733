"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "./button";

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window over the page that keeps the focus and gives it back. */
export function Dialog({ title, description, open, onClose, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-[#000000]/50" />
        <Base.Popup className="card fixed inset-x-4 top-1/2 z-40 mx-auto max-h-[85dvh] max-w-xl -translate-y-1/2 overflow-y-auto bg-raised p-5 shadow-2xl outline-none xs:p-6">
          <div className="flex items-start justify-between gap-4">
            <Base.Title className="text-lg font-semibold tracking-tight">{title}</Base.Title>
            <Base.Close aria-label="Close" className={buttonClass({ look: "quiet", size: "icon" })}>
              <X aria-hidden size={18} />
            </Base.Close>
          </div>
          {description && <Base.Description className="mt-1 text-soft">{description}</Base.Description>}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
