import type { Priority, Task, TaskQuery } from "./api";
import { byDue } from "./due";
import { queryValue } from "./routes";

/** Which tasks the list shows, and in which order: what is in the address of the page. */
export interface TaskView {
  readonly status: "open" | "done" | "all";
  readonly priority: Priority | "any";
  readonly sort: "due" | "created" | "priority";
  readonly q: string;
}

const CHOICES = {
  status: ["open", "done", "all"],
  priority: ["any", "high", "medium", "low"],
  sort: ["due", "created", "priority"],
} as const;

function choice<T extends string>(query: string, name: string, values: readonly [T, ...T[]]): T {
  const wanted = queryValue(query, name);
  return values.find((value) => value === wanted) ?? values[0];
}

/** Reads the query of the page's address; whatever it does not know is the default. */
export function viewOf(query: string): TaskView {
  return {
    status: choice(query, "status", CHOICES.status),
    priority: choice(query, "priority", CHOICES.priority),
    sort: choice(query, "sort", CHOICES.sort),
    q: queryValue(query, "q") ?? "",
  };
}

/** The query for the page's address, without what is the default. */
export function queryOf(view: TaskView): string {
  const parameters = new URLSearchParams();
  for (const name of ["status", "priority", "sort"] as const) {
    if (view[name] !== CHOICES[name][0]) {
      parameters.set(name, view[name]);
    }
  }
  if (view.q !== "") {
    parameters.set("q", view.q);
  }
  return parameters.toString();
}

/** What the API is asked for. */
export function apiQueryOf({ status, priority, sort, q }: TaskView): TaskQuery {
  return {
    status,
    sort,
    order: sort === "due" ? "asc" : "desc",
    ...(priority === "any" ? {} : { priority }),
    ...(q.trim() === "" ? {} : { q: q.trim() }),
  };
}

/** Whether a task that has just changed still belongs to a view. Text is compared roughly; the API has the last word. */
export function belongs(view: TaskView, task: Task): boolean {
  const text = `${task.title}\n${task.description ?? ""}`.normalize("NFKC").toLowerCase();
  return (
    (view.status === "all" || (view.status === "done") === task.completed) &&
    (view.priority === "any" || view.priority === task.priority) &&
    text.includes(view.q.trim().normalize("NFKC").toLowerCase())
  );
}

const RANK: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };

/** The order of a view for what is loaded of it, so that a changed task finds its place before the API is asked again. */
export function sorted(view: TaskView, tasks: readonly Task[]): Task[] {
  const newest = [...new Map(tasks.map((task) => [task.id, task])).values()].sort((a, b) => b.id - a.id);
  switch (view.sort) {
    case "created":
      return newest;
    case "priority":
      return newest.sort((a, b) => RANK[a.priority] - RANK[b.priority]);
    case "due":
      return byDue(newest.reverse());
  }
}
