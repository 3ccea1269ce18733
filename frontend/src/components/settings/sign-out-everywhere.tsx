"use client";

import { Button } from "@/components/ui/button";
import { Question } from "@/components/ui/question";

interface SignOutEverywhereProps {
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks before all devices, this one too, have to sign in again. */
export function SignOutEverywhere({ onCancel, onConfirm }: SignOutEverywhereProps) {
  return (
    <Question title="Sign out everywhere?" text="Every device, this one too, has to log in again." onCancel={onCancel}>
      <div className="mt-5 flex flex-wrap gap-2">
        <Button look="danger" onClick={onConfirm}>
          Sign out everywhere
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Question>
  );
}
