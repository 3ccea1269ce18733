"use client";

import { useState } from "react";
import { Labelled, type TextFieldProps } from "./field";

/** A password that its owner can look at before sending it. */
export function PasswordField({ label, hint, error, className, ...input }: Omit<TextFieldProps, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <Labelled label={label} hint={hint} error={error} className={className ?? ""}>
      {(described) => (
        <div className="relative">
          <input
            className="field pr-16"
            type={shown ? "text" : "password"}
            spellCheck={false}
            autoCapitalize="none"
            {...described}
            {...input}
          />
          <button
            type="button"
            aria-label={`Show ${label.toLowerCase()}`}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-1 right-1 flex w-14 items-center justify-center rounded-md text-sm font-medium text-soft hover:text-ink"
          >
            {shown ? "Hide" : "Show"}
          </button>
        </div>
      )}
    </Labelled>
  );
}
