import { useId, type ReactNode } from "react";

interface SectionProps {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}

export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="card p-4 xs:p-6">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {text && <p className="mt-0.5 text-sm text-soft">{text}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
