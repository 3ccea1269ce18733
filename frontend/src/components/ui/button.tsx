import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  plain: "border border-line-strong bg-surface text-ink hover:bg-sunken",
  quiet: "text-soft hover:bg-sunken hover:text-ink",
  danger: "border border-danger bg-surface text-danger hover:bg-danger-tint",
} as const;

const SIZES = {
  normal: "min-h-11 px-4 text-[0.9375rem]",
  small: "min-h-9 px-3 text-sm",
  icon: "size-9 shrink-0",
} as const;

export interface ButtonLook {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
}

/** The classes of a button, for what is a button in another component's hands. */
export function buttonClass({ look = "plain", size = "normal" }: ButtonLook = {}): string {
  return `inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 ${LOOKS[look]} ${SIZES[size]}`;
}

interface ButtonProps extends Omit<ComponentProps<"button">, "disabled">, ButtonLook {
  /** What it does is being done. It keeps the focus, which a button that is disabled loses, and does nothing meanwhile. */
  readonly isBusy?: boolean;
}

export function Button({
  look,
  size,
  isBusy = false,
  className = "",
  type = "button",
  onClick,
  ...props
}: ButtonProps) {
  const looks = { ...(look && { look }), ...(size && { size }) };
  return (
    <button
      type={type}
      aria-disabled={isBusy || undefined}
      // Sending the form by a key in one of its fields is a click on its button, too.
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(looks)} ${className}`}
      {...props}
    />
  );
}
