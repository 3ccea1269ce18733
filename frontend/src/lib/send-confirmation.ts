import { authClient, dataOf } from "./auth";
import { pageAbout } from "./page-about";

/** Has a link sent that confirms an address. */
export async function sendConfirmation(email: string): Promise<void> {
  await dataOf(authClient.sendVerificationEmail({ email, callbackURL: pageAbout("/verify-email?for=verify", email) }));
}
