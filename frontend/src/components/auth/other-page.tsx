"use client";

import { queryValue } from "@/lib/routes";
import { useQueryString } from "@/lib/use-query-string";

export interface OtherPageProps {
  readonly page: "/login" | "/signup";
  readonly label: string;
}

/** The way from login to sign-up and back, which keeps where the person wants to go. */
export function OtherPage({ page, label }: OtherPageProps) {
  const target = queryValue(useQueryString(), "redirect");
  return (
    // A plain link: the router's would cost more than it saves between two small pages.
    <a
      href={target === null ? page : `${page}?redirect=${encodeURIComponent(target)}`}
      className="font-medium text-accent underline underline-offset-4"
    >
      {label}
    </a>
  );
}
