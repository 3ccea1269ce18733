"use client";

import { useState, type ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Outcome } from "./outcome";
import { validEmail } from "./rules";
import { useAccountForm } from "./use-account-form";

interface MailFormProps {
  /** The address as far as it is known. */
  readonly email: string;
  readonly label: string;
  /** Asks for the mail. */
  readonly send: (email: string) => Promise<void>;
  /** What the mail is good for and where to look for it. */
  readonly children: (email: string) => ReactNode;
}

/** Asks for a mail with a link to an address, and says what to do with it. */
export function MailForm({ email, label, send, children }: MailFormProps) {
  const [sentTo, setSentTo] = useState("");
  const [asking, setAsking] = useState(true);
  if (asking) {
    return (
      <AddressForm
        email={sentTo || email}
        again={sentTo !== ""}
        label={label}
        send={send}
        onSent={(address) => {
          setSentTo(address);
          setAsking(false);
        }}
      />
    );
  }
  return (
    <Outcome title="Look into your mailbox">
      {children(sentTo)}
      <p className="text-soft">
        Nothing there after a few minutes? Look among the unwanted mail, and whether the address is right.
      </p>
      <Button onClick={() => setAsking(true)}>Ask for another mail</Button>
    </Outcome>
  );
}

interface AddressFormProps extends Omit<MailFormProps, "children"> {
  /** It was there before, and the button that has brought it back is gone: the field has the focus. */
  readonly again: boolean;
  readonly onSent: (email: string) => void;
}

function AddressForm({ email, again, label, send, onSent }: AddressFormProps) {
  const { formProps, field, refusal, sending } = useAccountForm({ email: validEmail }, async (values) => {
    const address = values.email.trim();
    await send(address);
    onSent(address);
  });
  return (
    <form {...formProps} className="flex w-full flex-col gap-5">
      <Alert>{refusal}</Alert>
      <TextField
        {...field("email")}
        // The address is known a moment after the page.
        key={email}
        defaultValue={email}
        autoFocus={again}
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Button type="submit" look="primary" isBusy={sending}>
        {sending ? "Sending…" : label}
      </Button>
    </form>
  );
}
