"use client";

import type { ReactNode } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { PasswordField } from "@/components/ui/password-field";
import type { AuthError } from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";
import { givenPassword, validEmail } from "./rules";
import { useAccountForm } from "./use-account-form";
import { useLeaveWhenSignedIn } from "./use-leave-when-signed-in";

/** `forgot` is the way on for who has no password to give. */
export function LoginForm({ forgot }: { forgot: ReactNode }) {
  const { signIn } = useAuth();
  const leave = useLeaveWhenSignedIn();
  const { formProps, field, refusal, sending } = useAccountForm(
    { email: validEmail, password: givenPassword },
    async ({ email, password }, form) => {
      try {
        await signIn({ email: email.trim(), password, rememberMe: form.has("remember") });
        leave();
      } catch (error) {
        if ((error as AuthError).code !== "EMAIL_NOT_VERIFIED") {
          throw error;
        }
        window.location.replace(pageAbout("/verify-email", email.trim()));
      }
    },
  );

  return (
    <form {...formProps} className="flex flex-col gap-5">
      <Alert>{refusal}</Alert>
      <TextField
        {...field("email")}
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField {...field("password")} label="Password" autoComplete="current-password" required />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <label className="flex min-h-6 items-center gap-3 text-[0.9375rem]">
          <input type="checkbox" name="remember" defaultChecked className="size-5 accent-accent" />
          Keep me logged in
        </label>
        {forgot}
      </div>
      <Button type="submit" look="primary" isBusy={sending}>
        {sending ? "Logging in…" : "Log in"}
      </Button>
    </form>
  );
}
