"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { buttonClass } from "@/components/ui/button";

interface SignOutEverywhereProps {
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks before all devices, this one too, have to sign in again. */
export function SignOutEverywhere({ onCancel, onConfirm }: SignOutEverywhereProps) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-30 bg-[#000000]/50" />
        <AlertDialog.Popup className="card fixed inset-x-4 top-1/2 z-40 mx-auto max-w-md -translate-y-1/2 bg-raised p-6 shadow-2xl outline-none">
          <AlertDialog.Title className="text-lg font-semibold tracking-tight">Sign out everywhere?</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-soft">
            Every device, this one too, has to log in again.
          </AlertDialog.Description>
          <div className="mt-5 flex flex-wrap gap-2">
            <button type="button" className={buttonClass({ look: "danger" })} onClick={onConfirm}>
              Sign out everywhere
            </button>
            <AlertDialog.Close className={buttonClass({ look: "quiet" })}>Cancel</AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
