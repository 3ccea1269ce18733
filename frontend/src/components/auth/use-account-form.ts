import { useRef, useState, type ComponentProps } from "react";
import { AuthError } from "@/lib/auth";
import type { Rule } from "./rules";

type Values<Name extends string> = Readonly<Record<Name, string>>;

/** The field that a refusal of the API is about, if it is about one. */
function fieldOf(error: unknown): "email" | "password" | undefined {
  const { code, message } = error instanceof AuthError ? error : { code: "", message: "" };
  if (/^PASSWORD_TOO/.test(code)) {
    return "password";
  }
  return /^(USER_ALREADY|INVALID_EMAIL$)/.test(code) || message.startsWith("[body.email]") ? "email" : undefined;
}

/**
 * A form of a few fields that the browser keeps: checked when it is sent, the first wrong field gets the focus, and
 * password managers see an ordinary form. The pages for visitors have no room for a form library in their budget.
 */
export function useAccountForm<Name extends string>(
  rules: Readonly<Record<Name, Rule>>,
  send: (values: Values<Name>, form: FormData) => Promise<void>,
) {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Partial<Record<Name, string>>>({});
  const [refusal, setRefusal] = useState("");
  const [sending, setSending] = useState(false);
  const names = Object.keys(rules) as Name[];

  const focus = (name: string | undefined) => {
    const field = form.current?.querySelector<HTMLInputElement>(`[name="${name}"]`);
    (field ?? form.current?.querySelector("input"))?.focus();
  };

  const submit = async () => {
    const data = new FormData(form.current ?? undefined);
    const values = Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "")])) as Record<
      Name,
      string
    >;
    const wrong = names.flatMap((name) => {
      const sentence = rules[name](values[name], values);
      return sentence === undefined ? [] : [[name, sentence] as const];
    });
    setErrors(Object.fromEntries(wrong) as Partial<Record<Name, string>>);
    setRefusal("");
    if (wrong.length > 0) {
      focus(wrong[0]?.[0]);
      return;
    }
    setSending(true);
    try {
      // On success the page is left; it stays as it is until then.
      await send(values, data);
    } catch (error) {
      const field = fieldOf(error);
      const sentence = (error as Error).message.replace(/^\[body\.\w+\] /, "");
      if (field === undefined || !names.includes(field as Name)) {
        setRefusal(sentence);
      } else {
        setErrors({ [field]: sentence } as Partial<Record<Name, string>>);
      }
      setSending(false);
      focus(field ?? "password");
    }
  };

  const formProps: ComponentProps<"form"> = {
    ref: form,
    // Should the page be used before its scripts have come, `post` keeps the password out of the address.
    method: "post",
    noValidate: true,
    onSubmit: (event) => {
      event.preventDefault();
      if (!sending) {
        void submit();
      }
    },
  };
  const field = (name: Name) => ({ name, error: errors[name], readOnly: sending });
  return { formProps, field, refusal, sending };
}
