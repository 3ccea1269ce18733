"use client";

import type { ReactNode } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { confirmationBy, type Confirmation } from "@/lib/confirmation";
import { sendConfirmation } from "@/lib/send-confirmation";
import { useMailLink } from "@/lib/use-mail-link";
import { MailForm } from "./mail-form";
import { Outcome } from "./outcome";

interface VerifyEmailProps {
  /** What to say for what has come of the link. */
  readonly outcomes: Readonly<Record<Confirmation, { readonly title: string; readonly body: ReactNode }>>;
  /** What stands there while that is not known. */
  readonly placeholder: ReactNode;
}

/** Where links about an address lead: says what has come of them, and what to do next. */
export function VerifyEmail({ outcomes, placeholder }: VerifyEmailProps) {
  const link = useMailLink();
  const { user, isLoading } = useAuth();
  // Whether a change is made depends on who is signed in.
  if (link === null || (link.purpose === "change" && isLoading)) {
    return placeholder;
  }
  const { title, body } = outcomes[confirmationBy(link, user?.email ?? null)];
  return <Outcome title={title}>{body}</Outcome>;
}

/** The address that the link is about. */
export function LinkedAddress() {
  const email = useMailLink()?.email;
  return email ? <strong>{email}</strong> : "your address";
}

/** Has another link to confirm an address sent. */
export function AnotherLink() {
  return (
    <MailForm email={useMailLink()?.email ?? ""} label="Send another link" send={sendConfirmation}>
      {(email) => (
        <p>
          If <strong>{email}</strong> is still to be confirmed, a link is on its way. It counts for an hour.
        </p>
      )}
    </MailForm>
  );
}
