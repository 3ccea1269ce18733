"use client";

import { useAuth } from "@/components/providers/auth-provider";
import { Button } from "@/components/ui/button";
import { sayError } from "@/lib/toasts";

/** What is shown instead of something that an old session does not open: why, and the way to a new one and back here. */
export function LogInAgain({ text }: { text: string }) {
  const { signOut, refresh } = useAuth();
  return (
    <>
      <p className="mb-3">{text}</p>
      <Button onClick={() => void signOut().then(refresh, sayError)}>Log in again</Button>
    </>
  );
}
