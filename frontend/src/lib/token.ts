import { authClient, AuthError, dataOf } from "./auth";

let kept: { readonly token: string; readonly until: number } | null = null;

/**
 * A JWT of the signed-in person, for other services and for `authorizeWith`, kept until a minute before its 15 minutes
 * are over; null for nobody. Whoever signs in or out begins a new page, and the old token goes with the old one.
 */
export async function getToken(): Promise<string | null> {
  if (kept !== null && kept.until > Date.now()) {
    return kept.token;
  }
  try {
    const answer = await dataOf(authClient.$fetch<{ token: string }>("/token"));
    kept = answer && { token: answer.token, until: Date.now() + 14 * 60_000 };
  } catch (error) {
    kept = null;
    if (!(error instanceof AuthError && error.status === 401)) {
      throw error;
    }
  }
  return kept && kept.token;
}
