/** The mails that a server of this machine would have sent, and what is in them. */
import { setTimeout } from 'node:timers/promises';

const WITHIN_MS = 20_000;
const ASK_EVERY_MS = 50;

/** Where a server's mails are: with it, or, for the one at `BASE_URL`, at `MAILBOX_URL`. */
function mailboxOf(baseURL) {
  const { BASE_URL, MAILBOX_URL } = process.env;
  return MAILBOX_URL && BASE_URL && new URL(BASE_URL).origin === baseURL ? MAILBOX_URL : baseURL;
}

/**
 * The mails to an address that `isWanted`, the oldest first, once there are `count`. A mail is sent after the answer to who
 * asked for it, so it may have to be waited for.
 * @param {string} baseURL
 * @param {string} to
 * @param {number} count
 * @param {(mail: {to: string, subject: string, text: string, html: string, url: string}) => boolean} isWanted
 */
export async function mails(baseURL, to, count, isWanted = () => true) {
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${mailboxOf(baseURL)}/_local/mail.json?to=${encodeURIComponent(to)}`);
    const found = (await answer.json()).filter(isWanted);
    if (found.length >= count) return found;
    if (Date.now() > until) throw new Error(`${found.length} mails to ${to} instead of ${count}: ${JSON.stringify(found)}`);
    await setTimeout(ASK_EVERY_MS);
  }
}

/** Those with a link. */
export const mailsWithLink = (baseURL, to, count) => mails(baseURL, to, count, ({ url }) => url !== '');

/** The path and query of a link, as they are in the mail. */
export const pathOf = (link) => link.slice(new URL(link).origin.length);

/** The token in a link. */
export const tokenOf = (link) => /(?:\/reset-password\/|[?&]token=)([^?&]+)/.exec(link)[1];
