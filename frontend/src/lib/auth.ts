import { createAuthClient } from "better-auth/react";
import { UNREACHABLE } from "./unreachable";

/** The official client. Without an address of its own the API is on the page's origin. */
export const authClient = createAuthClient(
  process.env.NEXT_PUBLIC_API_URL === undefined ? {} : { baseURL: process.env.NEXT_PUBLIC_API_URL },
);

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
    this.name = "AuthError";
  }
}

interface Result<T> {
  data: T | null;
  error: { message?: string | undefined; code?: string | undefined; status: number } | null;
}

/** Sentences for people where the protocol's own are for developers. */
const SENTENCES: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The email or the password is wrong.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "There is an account with this email already. Log in, or use another one.",
  INVALID_EMAIL: "This email address is not valid.",
  PASSWORD_TOO_SHORT: "A password has at least 8 characters.",
  PASSWORD_TOO_LONG: "A password has at most 128 characters.",
  INVALID_PASSWORD: "The current password is wrong.",
  SESSION_NOT_FRESH: "For your safety, this needs a sign-in of the last 24 hours. Log out and in again to see it.",
};

/** Gives the data of a call of the client, or throws what a person can be shown. */
export async function dataOf<T>(call: Promise<Result<T>>): Promise<T | null> {
  let result: Result<T>;
  try {
    result = await call;
  } catch {
    throw new AuthError(UNREACHABLE, 0, "UNREACHABLE");
  }
  if (result.error === null) {
    return result.data;
  }
  const { message, code = "", status } = result.error;
  if (status === 429) {
    throw new AuthError("Too many attempts. Wait a moment and try again.", status, code);
  }
  if (status >= 500 || !message) {
    throw new AuthError(UNREACHABLE, status, code);
  }
  throw new AuthError(SENTENCES[code] ?? message, status, code);
}

let jwt: { token: string; until: number } | null = null;

/** A JWT of the signed-in person for other services and for `authorizeWith`, kept until a minute before it ends. */
export async function getToken(): Promise<string | null> {
  if (jwt !== null && jwt.until > Date.now()) {
    return jwt.token;
  }
  const answer = await dataOf(authClient.$fetch<{ token: string }>("/token")).catch((error: unknown) => {
    if (error instanceof AuthError && error.status === 401) {
      return null;
    }
    throw error;
  });
  // 15 minutes, less one.
  jwt = answer === null ? null : { token: answer.token, until: Date.now() + 14 * 60_000 };
  return answer?.token ?? null;
}

/** Forgets the JWT of the person who has just left or come. */
export function forgetToken(): void {
  jwt = null;
}
