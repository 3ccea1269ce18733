import type { Metadata } from "next";
import { AuthCard } from "@/components/auth/auth-card";
import { AnotherLink, LinkedAddress, VerifyEmail } from "@/components/auth/verify-email";
import { buttonClass } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { HOME } from "@/lib/routes";

export const metadata: Metadata = { title: "Confirm your address" };

function Onwards({ to, label }: { to: string; label: string }) {
  return (
    <a href={to} className={buttonClass({ look: "primary" })}>
      {label}
    </a>
  );
}

const TO_TASKS = <Onwards to={HOME} label="Go to your tasks" />;
const TO_SETTINGS = <Onwards to="/settings" label="Go to your settings" />;

// Here, as what a page says by itself is in its HTML and costs no script.
const OUTCOMES = {
  waiting: {
    title: "First confirm your address",
    body: (
      <>
        <p>
          To log in, first open the link in the mail that was sent to <LinkedAddress />. It counts for an hour; if it is
          older or nowhere to be found, have another one sent.
        </p>
        <AnotherLink />
      </>
    ),
  },
  verified: { title: "Your address is confirmed", body: TO_TASKS },
  changed: {
    title: "Your address is changed",
    body: (
      <>
        <p>
          From now on you log in with <LinkedAddress />.
        </p>
        {TO_TASKS}
      </>
    ),
  },
  agreed: {
    title: "Look into your new mailbox",
    body: (
      <>
        <p>
          If this link was in a mail to your present address, there is another mail at <LinkedAddress />: the change is
          made when you open the link in that one. If it was in that one, the change is made.
        </p>
        {TO_SETTINGS}
      </>
    ),
  },
  "verify-expired": {
    title: "This link has expired",
    body: (
      <>
        <p>Links count for an hour. Have another one sent.</p>
        <AnotherLink />
      </>
    ),
  },
  "verify-useless": {
    title: "This link does not count any more",
    body: (
      <>
        <p>It is not whole, or the account has another address by now. Have another one sent.</p>
        <AnotherLink />
      </>
    ),
  },
  "change-expired": {
    title: "This link has expired",
    body: (
      <>
        <p>
          Links count for an hour. In your settings, ask for the change once more; where they show the new address
          already, have another link sent that confirms it.
        </p>
        {TO_SETTINGS}
      </>
    ),
  },
  "change-useless": {
    title: "This link does not count any more",
    body: (
      <>
        <p>
          It was opened before, or the account has changed since. If you can log in with <LinkedAddress />, there is
          nothing left to do; otherwise ask for the change once more in your settings.
        </p>
        {TO_SETTINGS}
      </>
    ),
  },
  "somebody-else": {
    title: "Somebody else is signed in here",
    body: (
      <>
        <p>The link is for another account than the one that is signed in. Sign out first, and then open it again.</p>
        {TO_SETTINGS}
      </>
    ),
  },
};

export default function VerifyEmailPage() {
  return (
    <AuthCard
      title="Confirm your address"
      intro="It shows that the mailbox is yours."
      other={{ question: "Confirmed already?", label: "Log in", page: "/login" }}
    >
      <VerifyEmail outcomes={OUTCOMES} placeholder={<Skeleton rows={2} label="Looking at the link" />} />
    </AuthCard>
  );
}
