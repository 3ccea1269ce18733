import type { ReactNode } from "react";
import { QueryProvider } from "@/components/providers/query-provider";
import { AppShell } from "@/components/shell/app-shell";
import { SessionGate } from "@/components/shell/session-gate";

export default function MemberLayout({ children }: { children: ReactNode }) {
  return (
    <QueryProvider>
      <SessionGate />
      <AppShell>{children}</AppShell>
    </QueryProvider>
  );
}
