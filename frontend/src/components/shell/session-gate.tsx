"use client";

import { useEffect, useRef } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { leaveForLogin } from "@/lib/leave";

/** Whether this is the official client's word from another tab that it has signed out. */
function saysSignedOut(event: StorageEvent): boolean {
  return event.key === "better-auth.message" && (event.newValue ?? "").includes('"signout"');
}

/**
 * Leaves for the login page when the API says that nobody is signed in (any more). What is left of the session is cleared
 * first; a cookie that nothing can clear does not bring the person back here, as the reason in the address outweighs it.
 */
export function SessionGate() {
  const { user, isLoading, isUnreachable, signOut, refresh } = useAuth();
  const signedOutElsewhere = useRef(false);

  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (saysSignedOut(event)) {
        signedOutElsewhere.current = true;
        void refresh();
      }
    };
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) {
        void refresh();
      }
    };
    window.addEventListener("storage", onStorage);
    window.addEventListener("pageshow", onShow);
    return () => {
      window.removeEventListener("storage", onStorage);
      window.removeEventListener("pageshow", onShow);
    };
  }, [refresh]);

  useEffect(() => {
    if (!isUnreachable) {
      return;
    }
    const timer = setInterval(() => void refresh(), 4_000);
    return () => {
      clearInterval(timer);
    };
  }, [isUnreachable, refresh]);

  useEffect(() => {
    if (isLoading || isUnreachable || user !== null) {
      return;
    }
    const reason = signedOutElsewhere.current ? "signed-out" : "ended";
    void signOut()
      .catch(() => undefined)
      .finally(() => {
        leaveForLogin(reason);
      });
  }, [isLoading, isUnreachable, user, signOut]);

  return null;
}
