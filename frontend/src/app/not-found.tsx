import type { Metadata } from "next";
import { HOME } from "@/lib/routes";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <p className="text-sm font-medium text-soft">404</p>
      <h1 className="text-2xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p className="text-soft">It may have been mistyped, or the page has moved.</p>
      {/* A plain link, as this page comes along with every other one. */}
      <a href={HOME} className="font-medium text-accent underline underline-offset-4">
        Go to your tasks
      </a>
    </main>
  );
}
