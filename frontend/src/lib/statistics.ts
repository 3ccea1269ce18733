import { addDays, format, startOfDay } from "date-fns";
import type { Task } from "./api";
import { bucketOf } from "./due";

export interface Statistics {
  readonly open: number;
  readonly done: number;
  readonly overdue: number;
  readonly today: number;
}

export function statisticsOf(tasks: readonly Task[], now: Date): Statistics {
  const open = tasks.filter(({ completed }) => !completed);
  const inBucket = (bucket: string) => open.filter(({ due_date }) => bucketOf(due_date, now) === bucket).length;
  return {
    open: open.length,
    done: tasks.length - open.length,
    overdue: inBucket("overdue"),
    today: inBucket("today"),
  };
}

export interface Day {
  readonly start: Date;
  readonly done: number;
}

/**
 * How many tasks were done on each of the last days of this zone, today last. The API keeps no time of completion, so the
 * last change of a completed task stands for it.
 */
export function donePerDay(tasks: readonly Task[], now: Date, days: number): Day[] {
  const counts = new Map<string, number>();
  const nameOf = (day: Date) => format(day, "yyyy-MM-dd");
  for (const task of tasks) {
    if (task.completed) {
      const day = nameOf(new Date(task.updated_at));
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
  }
  return Array.from({ length: days }, (_, at) => {
    const start = addDays(startOfDay(now), at - days + 1);
    return { start, done: counts.get(nameOf(start)) ?? 0 };
  });
}
