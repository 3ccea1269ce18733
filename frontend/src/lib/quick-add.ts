import { format } from "date-fns";
import type { en } from "chrono-node";
import type { Priority } from "./api";

/** What a line says: "Pay rent fri 9am !high" is a title, a due date and a priority. */
export interface QuickTask {
  readonly title: string;
  readonly due_date: string | null;
  readonly priority: Priority;
  /** The words that were read as the date; null where there are none. */
  readonly dateWords: string | null;
}

/** The part of chrono that is needed; handed in, as it is heavy and loaded when the line is first used. */
export type DateReader = Pick<typeof en.casual, "parse">;

const PRIORITIES: Readonly<Record<string, Priority>> = {
  high: "high",
  h: "high",
  "1": "high",
  medium: "medium",
  med: "medium",
  m: "medium",
  "2": "medium",
  low: "low",
  l: "low",
  "3": "low",
};

const PRIORITY_WORD = /(^|\s)!(high|medium|med|low|[hml123])(?=\s|$)/gi;

/** Words that chrono takes for a date and that titles use for something else when they stand alone. */
const NO_DATE_ALONE = /^(?:now|sun|sat|mar|may|march|dec|second|\d+(?:[.:]\d+)?|at \d+)$/i;

function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * Reads a line. The last date in it counts, and days lie ahead: "fri" is the next Friday. Where nothing would be left for
 * the title, or `dates` is null (not loaded yet, or not wanted), the words stay in the title.
 */
export function readQuickTask(line: string, now: Date, dates: DateReader | null): QuickTask {
  let priority: Priority = "medium";
  const text = tidy(
    line.replace(PRIORITY_WORD, (_whole, before: string, word: string) => {
      priority = PRIORITIES[word.toLowerCase()] ?? priority;
      return before;
    }),
  );
  const plain: QuickTask = { title: text, due_date: null, priority, dateWords: null };
  const found = (dates?.parse(text, now, { forwardDate: true }) ?? []).filter(({ text }) => !NO_DATE_ALONE.test(text));
  const last = found.at(-1);
  if (last === undefined) {
    return plain;
  }
  const before = text.slice(0, last.index).replace(/\b(?:due|by|on|until)\s*$/i, "");
  const title = tidy(`${before} ${text.slice(last.index + last.text.length)}`);
  if (title === "") {
    return plain;
  }
  const at = last.start.date();
  const due_date = last.start.isCertain("hour") ? at.toISOString() : format(at, "yyyy-MM-dd");
  return { title, due_date, priority, dateWords: last.text };
}
