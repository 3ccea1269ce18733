"use client";

import { useAuth } from "@/components/providers/auth-provider";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { PasswordField } from "@/components/ui/password-field";
import { pageAbout } from "@/lib/page-about";
import { newPassword, repeatedPassword, validEmail, validName } from "./rules";
import { useAccountForm } from "./use-account-form";
import { useLeaveWhenSignedIn } from "./use-leave-when-signed-in";

export function SignupForm() {
  const { signUp } = useAuth();
  const leave = useLeaveWhenSignedIn();
  const { formProps, field, refusal, sending } = useAccountForm(
    { name: validName, email: validEmail, password: newPassword, confirmation: repeatedPassword },
    async ({ name, email, password }) => {
      const address = email.trim();
      const account = { name: name.trim() || (address.split("@")[0] ?? ""), email: address, password };
      if (await signUp(account)) {
        leave();
      } else {
        window.location.replace(pageAbout("/verify-email", address));
      }
    },
  );

  return (
    <form {...formProps} className="flex flex-col gap-5">
      <Alert>{refusal}</Alert>
      <TextField {...field("name")} label="Name" autoComplete="name" hint="Optional. How the application greets you." />
      <TextField
        {...field("email")}
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField
        {...field("password")}
        label="Password"
        autoComplete="new-password"
        hint="At least 8 characters."
        minLength={8}
        required
      />
      <PasswordField {...field("confirmation")} label="Confirm password" autoComplete="new-password" required />
      <Button type="submit" look="primary" isBusy={sending}>
        {sending ? "Signing up…" : "Sign up"}
      </Button>
    </form>
  );
}
