import type { Priority, Task, TaskChange } from "./api";

/** What a person edits in a task. */
export interface TaskFields {
  readonly title: string;
  readonly description: string | null;
  readonly priority: Priority;
  readonly due_date: string | null;
}

export type FieldName = keyof TaskFields;

export const FIELD_NAMES: readonly FieldName[] = ["title", "description", "priority", "due_date"];

export function fieldsOf(task: Task): TaskFields {
  const { title, description, priority, due_date } = task;
  return { title, description, priority, due_date };
}

function same(field: FieldName, a: TaskFields, b: TaskFields): boolean {
  if (field === "due_date" && a.due_date !== null && b.due_date !== null) {
    // One moment has many spellings; a date without a time is itself alone.
    const timed = [a.due_date, b.due_date].every((text) => text.includes("T"));
    return timed ? Date.parse(a.due_date) === Date.parse(b.due_date) : a.due_date === b.due_date;
  }
  return a[field] === b[field];
}

/** The fields in which two versions differ. */
export function differences(a: TaskFields, b: TaskFields): FieldName[] {
  return FIELD_NAMES.filter((field) => !same(field, a, b));
}

/** What has to be sent to make `from` into `to`; empty where they are the same. */
export function changeBetween(from: TaskFields, to: TaskFields): TaskChange {
  return Object.fromEntries(differences(from, to).map((field) => [field, to[field]]));
}

export type Side = "mine" | "theirs";

/**
 * Two people, or two devices, have changed one task since `base`. What only they changed begins as theirs; everything
 * else begins as mine, and the person decides.
 */
export function suggestedSides(
  base: TaskFields,
  mine: TaskFields,
  theirs: TaskFields,
): Partial<Record<FieldName, Side>> {
  return Object.fromEntries(
    differences(mine, theirs).map((field) => [field, same(field, base, mine) ? "theirs" : "mine"]),
  );
}

/** The version that the chosen sides make. Fields without a choice are the same on both sides. */
export function merged(mine: TaskFields, theirs: TaskFields, sides: Partial<Record<FieldName, Side>>): TaskFields {
  const chosen = FIELD_NAMES.map((field) => [field, (sides[field] === "mine" ? mine : theirs)[field]]);
  return Object.fromEntries(chosen) as unknown as TaskFields;
}
