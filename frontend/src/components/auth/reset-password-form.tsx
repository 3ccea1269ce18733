"use client";

import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button, buttonClass } from "@/components/ui/button";
import { PasswordField } from "@/components/ui/password-field";
import { authClient, AuthError, dataOf } from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";
import { LOGIN } from "@/lib/routes";
import { useMailLink } from "@/lib/use-mail-link";
import { Outcome } from "./outcome";
import { newPassword, repeatedPassword } from "./rules";
import { useAccountForm } from "./use-account-form";

/** Sets a new password for whoever comes by a link in a mail that counts. */
export function ResetPasswordForm() {
  const link = useMailLink();
  const [isRefused, refuse] = useState(false);
  // HTML that is made ahead of time has the form, as most people need it.
  if (isRefused || (link !== null && link.token === "")) {
    return (
      <Outcome title={isRefused || link?.error ? "This link does not count any more" : "This page needs a link"}>
        <p>
          Links to set a new password are sent by mail. Each counts once and for an hour, and only until the password is
          changed.
        </p>
        <a href={pageAbout("/forgot-password", link?.email ?? "")} className={buttonClass({ look: "primary" })}>
          Have a new link sent
        </a>
      </Outcome>
    );
  }
  return <PasswordsForm email={link?.email ?? ""} token={link?.token ?? ""} onRefused={() => refuse(true)} />;
}

interface PasswordsFormProps {
  readonly email: string;
  readonly token: string;
  readonly onRefused: () => void;
}

function PasswordsForm({ email, token, onRefused }: PasswordsFormProps) {
  const { formProps, field, refusal, sending } = useAccountForm(
    { password: newPassword, confirmation: repeatedPassword },
    async ({ password }) => {
      try {
        await dataOf(authClient.resetPassword({ newPassword: password, token }));
      } catch (error) {
        if (error instanceof AuthError && error.code === "INVALID_TOKEN") {
          onRefused();
          return;
        }
        throw error;
      }
      // A cookie of this account is dead by now, and the reason makes the page open all the same.
      window.location.replace(`${LOGIN}?reason=reset`);
    },
  );
  return (
    <form {...formProps} className="flex flex-col gap-5">
      <Alert>{refusal}</Alert>
      {/* Tells password managers whose password this is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        {...field("password")}
        label="New password"
        autoComplete="new-password"
        hint="At least 8 characters."
        minLength={8}
        required
      />
      <PasswordField {...field("confirmation")} label="Confirm new password" autoComplete="new-password" required />
      <Button type="submit" look="primary" isBusy={sending}>
        {sending ? "Setting…" : "Set the new password"}
      </Button>
    </form>
  );
}
