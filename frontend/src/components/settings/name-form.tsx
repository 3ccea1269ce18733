"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import { useAuth } from "@/components/providers/auth-provider";
import { validName } from "@/components/auth/rules";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { authClient, dataOf, type User } from "@/lib/auth";
import { toasts } from "@/lib/toasts";
import { Section } from "./section";

export function NameForm({ user }: { user: User }) {
  const { refresh } = useAuth();
  const [problem, setProblem] = useState("");
  const {
    register,
    handleSubmit,
    formState: { errors, isSubmitting },
  } = useForm({ defaultValues: { name: user.name } });

  const save = handleSubmit(async ({ name }) => {
    setProblem("");
    try {
      await dataOf(authClient.updateUser({ name: name.trim() }));
      await refresh();
      toasts.add({ title: "Your name is saved" });
    } catch (error) {
      setProblem((error as Error).message);
    }
  });

  return (
    <Section title="Profile" text="How the application greets you.">
      <form noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <Alert>{problem}</Alert>
        <TextField
          label="Name"
          autoComplete="name"
          readOnly={isSubmitting}
          error={errors.name?.message}
          {...register("name", {
            validate: (value) => (value.trim() === "" ? "Enter a name." : (validName(value, {}) ?? true)),
          })}
        />
        <Button type="submit" isBusy={isSubmitting} className="self-start">
          {isSubmitting ? "Saving…" : "Save name"}
        </Button>
      </form>
    </Section>
  );
}
