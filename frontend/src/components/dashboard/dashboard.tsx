"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useMemo } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { Trouble } from "@/components/shell/trouble";
import { Button } from "@/components/ui/button";
import { ApiError, getAllTasks } from "@/lib/api";
import { donePerDay, statisticsOf, type Day, type Statistics } from "@/lib/statistics";
import { useNow } from "@/lib/use-now";
import { tasksKey } from "@/lib/use-tasks";

const DAYS = 14;

const DoneChart = dynamic(() => import("./done-chart"), { ssr: false, loading: () => <div className="h-[220px]" /> });

const TILES = [
  { name: "open", label: "Open", href: "/tasks" },
  { name: "overdue", label: "Overdue", href: "/tasks" },
  { name: "today", label: "Due today", href: "/tasks" },
  { name: "done", label: "Done", href: "/tasks?status=done" },
] as const;

/** How things stand, at a glance. */
export function Dashboard() {
  const { user, isUnreachable } = useAuth();
  const userId = user?.id;
  const now = useNow();
  const { data, error, refetch } = useQuery({
    queryKey: [...tasksKey(userId ?? ""), "all"],
    queryFn: ({ signal }) => getAllTasks(userId ?? "", {}, signal),
    enabled: userId !== undefined,
  });
  const today = now.toDateString();
  const statistics = data && statisticsOf(data, now);
  const days = useMemo(() => data && donePerDay(data, new Date(today), DAYS), [data, today]);
  const passing = error instanceof ApiError && error.passing;

  return (
    <>
      <h1 className="mb-4 text-2xl font-semibold tracking-tight">Dashboard</h1>
      <Trouble unreachable={isUnreachable || passing} />
      {error !== null && data === undefined ? (
        <div className="card p-6">
          <h2 className="font-semibold">Your tasks could not be loaded</h2>
          <p className="mt-1 mb-4 text-soft">{error.message}</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </div>
      ) : (
        <>
          <Tiles statistics={statistics} />
          <section aria-labelledby="done-per-day" className="card mt-4 p-4 xs:p-6">
            <h2 id="done-per-day" className="font-semibold">
              Done per day
            </h2>
            <p className="mb-4 text-sm text-soft">
              The last {DAYS} days. A task counts on the day it was last changed.
            </p>
            {days === undefined ? <div className="h-[244px]" /> : <DonePerDay days={days} />}
          </section>
        </>
      )}
    </>
  );
}

function Tiles({ statistics }: { statistics: Statistics | undefined }) {
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {TILES.map(({ name, label, href }) => (
        <li key={name}>
          <Link href={href} prefetch={false} className="card flex flex-col gap-1 p-4 hover:border-line-strong">
            <span className="text-sm font-medium text-soft">{label}</span>
            <span
              className={`min-h-9 text-3xl font-semibold tracking-tight tabular-nums ${name === "overdue" && statistics?.overdue ? "text-danger" : ""}`}
            >
              {statistics?.[name] ?? <span className="sr-only">Loading</span>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function DonePerDay({ days }: { days: readonly Day[] }) {
  return (
    <>
      <DoneChart days={days} />
      <details className="text-sm">
        <summary className="w-fit rounded-sm text-soft">Show as a table</summary>
        <table className="mt-3 w-full max-w-xs">
          <thead>
            <tr className="text-left text-soft">
              <th scope="col" className="py-1 font-medium">
                Day
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Done
              </th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ start, done }) => (
              <tr key={start.getTime()} className="border-t border-line">
                <th scope="row" className="py-1 text-left font-normal">
                  {start.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })}
                </th>
                <td className="py-1 text-right tabular-nums">{done}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
