"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";

interface QuestionProps {
  readonly title: string;
  /** What happens if the answer is yes. */
  readonly text: string;
  readonly onCancel: () => void;
  /** It is being done: there is no way back any more. */
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Question({ title, text, onCancel, isBusy = false, children }: QuestionProps) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && !isBusy && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-30 bg-[#000000]/50" />
        <AlertDialog.Popup className="card fixed inset-x-4 top-1/2 z-40 mx-auto max-h-[85dvh] max-w-md -translate-y-1/2 overflow-y-auto bg-raised p-6 shadow-2xl outline-none">
          <AlertDialog.Title className="text-lg font-semibold tracking-tight">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-soft">{text}</AlertDialog.Description>
          {children}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
