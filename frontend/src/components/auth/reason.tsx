"use client";

import { queryValue } from "@/lib/routes";
import { useQueryString } from "@/lib/use-query-string";

interface ReasonProps {
  /** What to say for a `reason` in the address. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly otherwise: string;
}

/** Why a person who was signed in, or has left another page, is here. */
export function Reason({ reasons, otherwise }: ReasonProps) {
  const reason = queryValue(useQueryString(), "reason") ?? "";
  // Of its own, not what every object has, such as `constructor`.
  return Object.hasOwn(reasons, reason) ? reasons[reason] : otherwise;
}
