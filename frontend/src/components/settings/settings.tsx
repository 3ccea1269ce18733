"use client";

import { useAuth } from "@/components/providers/auth-provider";
import { Trouble } from "@/components/shell/trouble";
import { Skeleton } from "@/components/ui/skeleton";
import { Appearance } from "./appearance";
import { DeleteAccount } from "./delete-account";
import { EmailForm } from "./email-form";
import { OwnData } from "./own-data";
import { NameForm } from "./name-form";
import { PasswordForm } from "./password-form";
import { Sessions } from "./sessions";

/** What a person can change about their account and this browser. */
export function Settings() {
  const { user, isUnreachable } = useAuth();
  return (
    <>
      <h1 className="mb-4 text-2xl font-semibold tracking-tight">Settings</h1>
      <Trouble unreachable={isUnreachable} />
      {user === null ? (
        <Skeleton rows={8} label="Loading your settings" />
      ) : (
        <div className="flex flex-col gap-4">
          <NameForm user={user} />
          <EmailForm user={user} />
          <PasswordForm email={user.email} />
          <Sessions userId={user.id} />
          <Appearance />
          <OwnData />
          <DeleteAccount email={user.email} />
        </div>
      )}
    </>
  );
}
