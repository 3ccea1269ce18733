"use client";

import { useMutation } from "@tanstack/react-query";
import { MailWarning } from "lucide-react";
import { Button } from "@/components/ui/button";
import { sendConfirmation } from "@/lib/send-confirmation";

/** Says that an address is not confirmed, and has the link sent that does it. */
export function UnconfirmedEmail({ email }: { email: string }) {
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: () => sendConfirmation(email) });
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3 rounded-lg bg-warn-tint px-4 py-3 text-sm text-warn">
      <MailWarning aria-hidden size={18} className="shrink-0" />
      <p className="min-w-48 flex-1 font-medium">This address is not confirmed yet.</p>
      <Button size="small" isBusy={isPending} onClick={() => mutate()}>
        {isPending ? "Sending…" : isSuccess ? "Send another link" : "Send the link"}
      </Button>
      <p role="status" className="basis-full empty:hidden">
        {isSuccess && `A link is on its way to ${email}. It counts for an hour.`}
        {error?.message}
      </p>
    </div>
  );
}
