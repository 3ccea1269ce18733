"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { PasswordField } from "@/components/ui/password-field";
import { Question } from "@/components/ui/question";
import { authClient, AuthError, dataOf } from "@/lib/auth";
import { leaveFor } from "@/lib/leave";
import { LOGIN } from "@/lib/routes";

const AFTERWARDS = `${LOGIN}?reason=deleted`;

interface DeleteAccountDialogProps {
  readonly email: string;
  readonly onCancel: () => void;
  /** A mail with a link comes first. */
  readonly onMailed: () => void;
}

/** Asks for the password before the account is deleted. */
export function DeleteAccountDialog({ email, onCancel, onMailed }: DeleteAccountDialogProps) {
  const [problem, setProblem] = useState("");
  const {
    register,
    handleSubmit,
    setError,
    formState: { errors, isSubmitting },
  } = useForm({ defaultValues: { password: "" } });

  const remove = handleSubmit(async ({ password }) => {
    setProblem("");
    try {
      const callbackURL = window.location.origin + AFTERWARDS;
      const answer = await dataOf(authClient.deleteUser({ password, callbackURL }));
      if (answer?.message === "User deleted") {
        // What was typed and not saved goes too.
        sessionStorage.clear();
        leaveFor(AFTERWARDS);
      } else {
        onMailed();
      }
    } catch (error) {
      if (!(error instanceof AuthError)) {
        throw error;
      }
      if (error.code === "INVALID_PASSWORD" || error.code === "PASSWORD_TOO_LONG") {
        setError("password", { message: "This is not your password." }, { shouldFocus: true });
      } else {
        setProblem(
          error.status === 404 ? "Accounts cannot be deleted here. Write to whoever runs this service." : error.message,
        );
      }
    }
  });

  return (
    <Question
      title="Delete your account?"
      text="All of your tasks go with it, and every device is signed out. Nobody can bring them back."
      isBusy={isSubmitting}
      onCancel={onCancel}
    >
      <form method="post" noValidate onSubmit={(event) => void remove(event)} className="mt-4 flex flex-col gap-4">
        <Alert>{problem}</Alert>
        {/* Tells password managers whose password this is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          readOnly={isSubmitting}
          error={errors.password?.message}
          {...register("password", { required: "Enter your password." })}
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="danger" isBusy={isSubmitting}>
            {isSubmitting ? "Deleting…" : "Delete the account"}
          </Button>
          <Button look="quiet" isBusy={isSubmitting} onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </form>
    </Question>
  );
}
