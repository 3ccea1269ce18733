import { createAuthClient } from "better-auth/react";
import { UNREACHABLE } from "./unreachable";

/** The official client. Without an address of its own the API is on the page's origin. */
export const authClient = createAuthClient({
  // The one there is follows the answer to a sign-in to where its mail would lead. Where to go is the pages' decision.
  disableDefaultFetchPlugins: true,
  ...(process.env.NEXT_PUBLIC_API_URL !== undefined && { baseURL: process.env.NEXT_PUBLIC_API_URL }),
});

export const { signIn, signUp, signOut, useSession, getSession } = authClient;

export type Session = typeof authClient.$Infer.Session;
export type User = Session["user"];

/** A refusal of the auth routes, or no answer at all: then the status is 0. */
export class AuthError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(message);
  }
}

interface Result<T> {
  data: T | null;
  error: { message?: string | undefined; code?: string | undefined; status: number } | null;
}

/** Sentences for people where the protocol's own are for developers. */
const SENTENCES: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The email or the password is wrong.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "There is an account with this email already.",
  RESET_PASSWORD_DISABLED: "This service sends no mail, so the way back in is to write to whoever runs it.",
  VERIFICATION_EMAIL_NOT_ENABLED: "This service sends no mail, so addresses cannot be confirmed here.",
  EMAIL_ALREADY_VERIFIED: "This address is confirmed already.",
  EMAIL_MISMATCH: "You are signed in with another address. Sign out first, or have the link sent from your settings.",
  CHANGE_EMAIL_DISABLED: "Addresses cannot be changed here. Write to whoever runs this service.",
};

/** Gives the data of a call of the client, or throws what a person can be shown. */
export async function dataOf<T>(call: Promise<Result<T>>): Promise<T | null> {
  const { data, error } = await call.catch(() => ({ data: null, error: { status: 0, code: "", message: "" } }));
  if (error === null) {
    return data;
  }
  const { message, code = "", status } = error;
  if (status === 429) {
    throw new AuthError("Too many attempts. Wait a moment and try again.", status, code);
  }
  // Without the API's own words, something between here and it has answered.
  throw new AuthError(SENTENCES[code] ?? (message && status < 500 ? message : UNREACHABLE), status, code);
}
