import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <p className="text-sm font-medium text-soft">404</p>
      <h1 className="text-2xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p className="text-soft">It may have been mistyped, or the page has moved.</p>
      <Link href="/tasks" prefetch={false} className="font-medium text-accent underline underline-offset-4">
        Go to your tasks
      </Link>
    </main>
  );
}
