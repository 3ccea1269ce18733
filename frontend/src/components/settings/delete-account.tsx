"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Section } from "./section";

const DeleteAccountDialog = dynamic(async () => (await import("./delete-account-dialog")).DeleteAccountDialog, {
  ssr: false,
});

/** The end of an account. */
export function DeleteAccount({ email }: { email: string }) {
  const [asking, setAsking] = useState(false);
  const [isMailed, setMailed] = useState(false);
  return (
    <Section
      title="Delete account"
      text="Removes your account, all of your tasks and every session, for good. Download your data first if you want to keep it."
    >
      <Button look="danger" onClick={() => setAsking(true)}>
        Delete my account
      </Button>
      <p role="status" className="mt-4 rounded-lg bg-accent-tint px-4 py-3 text-sm text-accent-strong empty:hidden">
        {isMailed &&
          `Nothing is deleted yet. A link is on its way to ${email}: open it within a day, in this browser, to delete the account.`}
      </p>
      {asking && (
        <DeleteAccountDialog
          email={email}
          onCancel={() => setAsking(false)}
          onMailed={() => {
            setAsking(false);
            setMailed(true);
          }}
        />
      )}
    </Section>
  );
}
