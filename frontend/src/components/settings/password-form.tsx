"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { newPassword, repeatedPassword } from "@/components/auth/rules";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { PasswordField } from "@/components/ui/password-field";
import { authClient, AuthError, dataOf } from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";
import { toasts } from "@/lib/toasts";
import { Section } from "./section";

const EMPTY = { current: "", password: "", confirmation: "", others: true };

export function PasswordForm({ email }: { email: string }) {
  const client = useQueryClient();
  const [problem, setProblem] = useState("");
  const {
    register,
    handleSubmit,
    setError,
    reset,
    formState: { errors, isSubmitting },
  } = useForm({ defaultValues: EMPTY });

  const save = handleSubmit(async ({ current, password, others }) => {
    setProblem("");
    try {
      await dataOf(
        authClient.changePassword({ currentPassword: current, newPassword: password, revokeOtherSessions: others }),
      );
      reset(EMPTY);
      toasts.add({ title: others ? "Password changed; other devices are signed out" : "Password changed" });
      await client.invalidateQueries({ queryKey: ["sessions"] });
    } catch (error) {
      if (error instanceof AuthError && error.code === "INVALID_PASSWORD") {
        setError("current", { message: "This is not your current password." }, { shouldFocus: true });
      } else {
        setProblem((error as Error).message);
      }
    }
  });

  return (
    <Section title="Password">
      <form method="post" noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <Alert>{problem}</Alert>
        {/* Tells password managers whose password this is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          readOnly={isSubmitting}
          error={errors.current?.message}
          {...register("current", { required: "Enter your current password." })}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint="At least 8 characters."
          readOnly={isSubmitting}
          error={errors.password?.message}
          {...register("password", { validate: (value) => newPassword(value, {}) ?? true })}
        />
        <PasswordField
          label="Confirm new password"
          autoComplete="new-password"
          readOnly={isSubmitting}
          error={errors.confirmation?.message}
          {...register("confirmation", {
            validate: (value, { password }) => repeatedPassword(value, { password }) ?? true,
          })}
        />
        <label className="flex min-h-6 items-center gap-3 text-[0.9375rem]">
          <input type="checkbox" className="size-5 accent-accent" {...register("others")} />
          Sign out my other devices
        </label>
        <Button type="submit" isBusy={isSubmitting} className="self-start">
          {isSubmitting ? "Changing…" : "Change password"}
        </Button>
        <p className="text-sm text-soft">
          Forgotten the current one?{" "}
          <a
            href={pageAbout("/forgot-password", email)}
            className="font-medium text-accent underline underline-offset-4"
          >
            Set a new one by mail
          </a>
        </p>
      </form>
    </Section>
  );
}
