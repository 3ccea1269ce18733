"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import { useAuth } from "@/components/providers/auth-provider";
import { validEmail } from "@/components/auth/rules";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { authClient, AuthError, dataOf, type User } from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";
import { Section } from "./section";
import { UnconfirmedEmail } from "./unconfirmed-email";

/** The address to log in with, whether it is confirmed, and a way to another one. */
export function EmailForm({ user }: { user: User }) {
  const { refresh } = useAuth();
  const [problem, setProblem] = useState("");
  const [askedFor, setAskedFor] = useState("");
  const {
    register,
    handleSubmit,
    setError,
    reset,
    formState: { errors, isSubmitting },
  } = useForm({ defaultValues: { email: "" } });

  const save = handleSubmit(async ({ email }) => {
    const newEmail = email.trim().toLowerCase();
    setProblem("");
    setAskedFor("");
    try {
      await dataOf(authClient.changeEmail({ newEmail, callbackURL: pageAbout("/verify-email?for=change", newEmail) }));
      await refresh();
      reset();
      setAskedFor(newEmail);
    } catch (error) {
      const { code, message } = error as AuthError;
      if (code === "INVALID_EMAIL" || message.startsWith("[body.newEmail]")) {
        setError("email", { message: "This email address is not valid." }, { shouldFocus: true });
      } else {
        setProblem(message);
      }
    }
  });

  return (
    <Section title="Email" text={`You log in with ${user.email}`}>
      {!user.emailVerified && <UnconfirmedEmail key={user.email} email={user.email} />}
      <form noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <Alert>{problem}</Alert>
        <TextField
          label="New email"
          type="email"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          hint="A link in a mail confirms it before anything changes."
          readOnly={isSubmitting}
          error={errors.email?.message}
          {...register("email", {
            validate: (value) =>
              validEmail(value, {}) ??
              (value.trim().toLowerCase() === user.email ? "This is your address already." : true),
          })}
        />
        <Button type="submit" isBusy={isSubmitting} className="self-start">
          {isSubmitting ? "Asking…" : "Change email"}
        </Button>
        <div role="status" className="rounded-lg bg-accent-tint px-4 py-3 text-sm text-accent-strong empty:hidden">
          {askedFor !== "" &&
            (askedFor === user.email ? (
              `Your address is ${askedFor} from now on.`
            ) : (
              <>
                <p className="font-medium">Look into both of your mailboxes.</p>
                <p className="mt-1">
                  If a mail has come to {user.email}, open its link first, to agree. Then open the link in the mail to{" "}
                  {askedFor}, which makes the change. Each counts for an hour; until then you log in with {user.email}.
                </p>
              </>
            ))}
        </div>
      </form>
    </Section>
  );
}
