import { authClient, AuthError, dataOf } from "./auth";
import { pageAbout } from "./page-about";

/** Sentences for refusals that are no defects. */
const SENTENCES: Readonly<Record<string, string>> = {
  VERIFICATION_EMAIL_NOT_ENABLED: "This service sends no mail, so addresses are not confirmed here.",
  EMAIL_ALREADY_VERIFIED: "This address is confirmed already.",
  EMAIL_MISMATCH: "You are signed in with another address. Sign out first, or have the link sent from your settings.",
};

/** Has a link sent that confirms an address. */
export async function sendConfirmation(email: string): Promise<void> {
  try {
    await dataOf(
      authClient.sendVerificationEmail({ email, callbackURL: pageAbout("/verify-email?for=verify", email) }),
    );
  } catch (error) {
    const sentence = error instanceof AuthError ? SENTENCES[error.code] : undefined;
    throw sentence === undefined ? error : new Error(sentence);
  }
}
