import { addDays, differenceInCalendarDays, format, isValid, parseISO, startOfDay } from "date-fns";

/**
 * When a task is due, in the zone of whoever looks. A date without a time is that day wherever one is; a date-time is a
 * moment.
 */
export interface Due {
  readonly at: Date;
  readonly hasTime: boolean;
}

export type Bucket = "overdue" | "today" | "upcoming" | "undated";

export const BUCKETS: Readonly<Record<Bucket, string>> = {
  overdue: "Overdue",
  today: "Today",
  upcoming: "Upcoming",
  undated: "No due date",
};

/** Reads what the API has as `due_date`. */
export function parseDue(text: string | null): Due | null {
  if (text === null) {
    return null;
  }
  // parseISO takes a bare date as midnight here, not in Greenwich.
  const at = parseISO(text);
  return isValid(at) ? { at, hasTime: text.includes("T") } : null;
}

/** What the API is sent for a day, and a time where one is given, of this zone; null without a day. */
export function dueText(day: string, time: string): string | null {
  if (day === "") {
    return null;
  }
  return time === "" ? day : new Date(`${day}T${time}`).toISOString();
}

/** The values of a date and a time field. */
export function dueFields(text: string | null): { day: string; time: string } {
  const due = parseDue(text);
  if (due === null) {
    return { day: "", time: "" };
  }
  return { day: format(due.at, "yyyy-MM-dd"), time: due.hasTime ? format(due.at, "HH:mm") : "" };
}

export function bucketOf(text: string | null, now: Date): Bucket {
  const due = parseDue(text);
  if (due === null) {
    return "undated";
  }
  const days = differenceInCalendarDays(due.at, now);
  if (days < 0 || (due.hasTime && due.at < now)) {
    return "overdue";
  }
  return days === 0 ? "today" : "upcoming";
}

/**
 * Sorts by the moment something is due in this zone: days end at midnight, and what is not dated comes last. The API
 * sorts in UTC, which is another order around midnight.
 */
export function byDue<T extends { readonly due_date: string | null }>(tasks: readonly T[]): T[] {
  const moment = (task: T) => {
    const due = parseDue(task.due_date);
    return due === null ? Infinity : due.hasTime ? due.at.getTime() : addDays(startOfDay(due.at), 1).getTime() - 1;
  };
  return tasks
    .map((task) => ({ task, moment: moment(task) }))
    .sort((a, b) => (a.moment === b.moment ? 0 : a.moment - b.moment))
    .map(({ task }) => task);
}

const NEAR: Readonly<Record<string, string>> = { "-1": "Yesterday", "0": "Today", "1": "Tomorrow" };

/** "Today", "Fri 27 Nov", "Tomorrow, 17:00": as short as it can be said. */
export function dueLabel(text: string, now: Date): string {
  const due = parseDue(text);
  if (due === null) {
    return text;
  }
  const days = differenceInCalendarDays(due.at, now);
  const sameYear = due.at.getFullYear() === now.getFullYear();
  const day = NEAR[days] ?? format(due.at, sameYear ? "EEE d MMM" : "d MMM yyyy");
  return due.hasTime ? `${day}, ${format(due.at, "HH:mm")}` : day;
}
