"use client";

import { createContext, useContext, useMemo, type ReactNode } from "react";
import * as auth from "@/lib/auth";
import { pageAbout } from "@/lib/page-about";

export interface Auth {
  readonly user: auth.User | null;
  readonly session: auth.Session["session"] | null;
  /** Whether nobody knows yet who this is. */
  readonly isLoading: boolean;
  readonly isAuthenticated: boolean;
  /** Whether the API could not be asked. */
  readonly isUnreachable: boolean;
  readonly signIn: (account: { email: string; password: string; rememberMe?: boolean }) => Promise<void>;
  /** Whether that signed in; where it did not, the address has to be confirmed first. */
  readonly signUp: (account: { email: string; password: string; name: string }) => Promise<boolean>;
  /** Ends the session, or clears what is left of a dead one. */
  readonly signOut: () => Promise<void>;
  readonly getToken: () => Promise<string | null>;
  /** Asks the API again who this is. */
  readonly refresh: () => Promise<void>;
}

const AuthContext = createContext<Auth | null>(null);

const actions: Pick<Auth, "signIn" | "signUp" | "signOut" | "getToken"> = {
  async signIn(account) {
    // Where the link leads that an API may send to who has not confirmed the address.
    const callbackURL = pageAbout("/verify-email?for=verify", account.email);
    await auth.dataOf(auth.signIn.email({ ...account, callbackURL }));
  },
  async signUp(account) {
    const callbackURL = pageAbout("/verify-email?for=verify", account.email);
    return Boolean((await auth.dataOf(auth.signUp.email({ ...account, callbackURL })))?.token);
  },
  async signOut() {
    await auth.dataOf(auth.signOut());
  },
  // Few pages need one, so what fetches it comes when it is asked for.
  getToken: async () => (await import("@/lib/token")).getToken(),
};

export function AuthProvider({ children }: { children: ReactNode }) {
  const { data, isPending, error, refetch } = auth.useSession();
  const value = useMemo<Auth>(
    () => ({
      ...actions,
      user: data?.user ?? null,
      session: data?.session ?? null,
      isLoading: isPending,
      isAuthenticated: data != null,
      isUnreachable: data == null && error != null,
      refresh: () => refetch(),
    }),
    [data, isPending, error, refetch],
  );
  return <AuthContext value={value}>{children}</AuthContext>;
}

export function useAuth(): Auth {
  const value = useContext(AuthContext);
  if (value === null) {
    throw new Error("useAuth needs an AuthProvider above it.");
  }
  return value;
}
