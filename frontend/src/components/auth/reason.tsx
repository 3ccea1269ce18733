"use client";

import { queryValue } from "@/lib/routes";
import { useQueryString } from "@/lib/use-query-string";

const REASONS: Readonly<Record<string, string>> = {
  ended: "Your session has ended. Log in to go on where you were.",
  "signed-out": "You have signed out in another tab.",
};

/** Why a person who was signed in is here. */
export function Reason({ otherwise }: { otherwise: string }) {
  return REASONS[queryValue(useQueryString(), "reason") ?? ""] ?? otherwise;
}
