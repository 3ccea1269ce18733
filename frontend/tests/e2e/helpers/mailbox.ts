import { expect } from "@playwright/test";

/** A mail as the local stack keeps it. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The link in it; empty without one. */
  readonly url: string;
}

/** The local stack's mailbox. */
export class Mailbox {
  constructor(private readonly url: string) {}

  /** The mails that have come to an address, the oldest first. */
  async mails(to: string): Promise<Mail[]> {
    const answer = await fetch(`${this.url}?to=${encodeURIComponent(to)}`);
    expect(answer.ok, `the mailbox answered ${answer.status}`).toBe(true);
    return (await answer.json()) as Mail[];
  }

  /** Waits for the mail of that subject to an address, the last of `count`. */
  async mail(to: string, subject: string, count = 1): Promise<Mail> {
    let found: Mail[] = [];
    await expect
      .poll(
        async () => {
          found = (await this.mails(to)).filter((mail) => mail.subject === subject);
          return found.length;
        },
        { message: `mails to ${to}: ${subject}` },
      )
      .toBe(count);
    const last = found.at(-1);
    expect(last?.url, "the link in the mail").toBeDefined();
    return last as Mail;
  }
}
