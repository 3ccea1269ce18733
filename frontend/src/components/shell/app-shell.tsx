"use client";

import { ChartNoAxesColumn, ListTodo, Settings } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { loadToaster } from "@/lib/toasts";
import { Mark } from "./mark";

const PLACES = [
  { href: "/tasks", label: "Tasks", Icon: ListTodo },
  { href: "/dashboard", label: "Dashboard", Icon: ChartNoAxesColumn },
  { href: "/settings", label: "Settings", Icon: Settings },
] as const;

// Neither is needed to see the page, so both come after it.
const Toaster = dynamic(loadToaster, { ssr: false });
const AccountMenu = dynamic(async () => (await import("./account-menu")).AccountMenu, {
  ssr: false,
  loading: () => <span className="size-10 rounded-full bg-accent-tint" />,
});

/** What every page of a signed-in person has around it. */
export function AppShell({ children }: { children: ReactNode }) {
  const path = usePathname();
  return (
    <>
      <a
        href="#content"
        className="absolute top-2 left-2 z-40 -translate-y-20 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-3xl items-center gap-2 px-4 sm:gap-6">
          <span className="hidden sm:block">
            <Mark />
          </span>
          <nav aria-label="Main" className="flex flex-1 items-center gap-1">
            {PLACES.map(({ href, label, Icon }) => (
              <Link
                key={href}
                href={href}
                prefetch={false}
                aria-current={path === href ? "page" : undefined}
                className="flex min-h-10 items-center gap-2 rounded-lg px-2 text-sm font-medium text-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent-strong xs:px-3"
              >
                <Icon aria-hidden size={17} className="hidden xs:block" />
                {label}
              </Link>
            ))}
          </nav>
          <AccountMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 pt-6 pb-28 outline-none">
        {children}
      </main>
      <Toaster />
    </>
  );
}
