import type { ComponentProps } from "react";

interface SelectProps<T extends string> extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

/**
 * The browser's own list, which phones and screen readers know best. Its label is for those who listen. Its letters have 16
 * pixels on phones, as iOS zooms into what has smaller ones.
 */
export function CompactSelect<T extends string>({
  label,
  options,
  onChoose,
  className = "",
  ...props
}: SelectProps<T>) {
  return (
    <select
      {...props}
      aria-label={label}
      onChange={(event) => onChoose(event.target.value as T)}
      className={`min-h-10 max-w-full rounded-lg border border-line-strong bg-surface px-2 text-base sm:text-sm ${className}`}
    >
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
