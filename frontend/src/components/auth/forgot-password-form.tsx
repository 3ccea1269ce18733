"use client";

import { authClient, dataOf } from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";
import { useMailLink } from "@/lib/use-mail-link";
import { MailForm } from "./mail-form";

async function ask(email: string): Promise<void> {
  await dataOf(authClient.requestPasswordReset({ email, redirectTo: pageAbout("/reset-password", email) }));
}

export function ForgotPasswordForm() {
  return (
    <MailForm email={useMailLink()?.email ?? ""} label="Send the link" send={ask}>
      {(email) => (
        <p>
          If <strong>{email}</strong> has an account, a link to set a new password is on its way. It counts once and for
          an hour.
        </p>
      )}
    </MailForm>
  );
}
