import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";
import { OtherPage, type OtherPageProps } from "./other-page";

interface AuthCardProps {
  readonly title: string;
  readonly intro: ReactNode;
  readonly children: ReactNode;
  readonly other: OtherPageProps & { readonly question: string };
}

/** What the pages for visitors have around their form. */
export function AuthCard({ title, intro, children, other }: AuthCardProps) {
  const { question, ...link } = other;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-6 px-4 py-10">
      <Mark />
      <div className="card p-6 xs:p-8">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {/* Two lines are kept free, so that a reason moves nothing. */}
        <p role="status" className="mt-1 mb-4 min-h-12 text-soft">
          {intro}
        </p>
        {children}
      </div>
      <p className="text-center text-soft">
        {question} <OtherPage {...link} />
      </p>
    </main>
  );
}
