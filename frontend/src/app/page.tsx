"use client";

import { useEffect } from "react";
import { HOME } from "@/lib/routes";

/** Servers that know the rules never serve this page; where none does, it leads on by itself. */
export default function Entry() {
  useEffect(() => {
    window.location.replace(HOME);
  }, []);
  return (
    <main className="p-6">
      <h1 className="text-lg font-semibold">Tasks</h1>
      <a className="text-accent underline" href={HOME}>
        Go to your tasks
      </a>
    </main>
  );
}
