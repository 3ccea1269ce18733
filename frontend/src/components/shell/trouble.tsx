"use client";

import { CloudOff } from "lucide-react";
import { useOnline } from "@/lib/use-online";

/** Says above the content that there is no network, or nobody at its other end, and that it is being tried again. */
export function Trouble({ unreachable }: { unreachable: boolean }) {
  const online = useOnline();
  return (
    <div
      role="status"
      className="mb-4 flex items-center gap-3 rounded-lg bg-warn-tint px-4 py-3 text-sm font-medium text-warn empty:hidden"
    >
      {(!online || unreachable) && (
        <>
          <CloudOff aria-hidden size={18} className="shrink-0" />
          {online
            ? "The server cannot be reached. Trying again; nothing you typed is lost."
            : "You are offline. What you see may be old; changes need a connection."}
        </>
      )}
    </div>
  );
}
