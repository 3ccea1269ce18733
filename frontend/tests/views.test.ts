import { describe, expect, it } from "vitest";
import type { Task } from "@/lib/api";
import { rowsOf } from "@/lib/rows";
import { donePerDay, statisticsOf } from "@/lib/statistics";
import { apiQueryOf, belongs, queryOf, sorted, viewOf } from "@/lib/task-view";

const now = new Date(2026, 10, 25, 10, 0);

function task(id: number, more: Partial<Task> = {}): Task {
  const at = now.toISOString();
  return {
    id,
    user_id: "u",
    title: `Task ${id}`,
    description: null,
    completed: false,
    priority: "medium",
    due_date: null,
    created_at: at,
    updated_at: at,
    ...more,
  };
}

describe("the view in the address", () => {
  it("is what is open, by due date, unless the query says more", () => {
    expect(viewOf("")).toEqual({ status: "open", priority: "any", sort: "due", q: "" });
    expect(viewOf("status=done&priority=high&sort=created&q=a%20b")).toEqual({
      status: "done",
      priority: "high",
      sort: "created",
      q: "a b",
    });
    expect(viewOf("status=nonsense&sort=%E0")).toEqual(viewOf(""));
  });

  it("survives the way into the address and back", () => {
    for (const query of ["", "status=all", "status=done&priority=low&sort=priority&q=a+%26+b"]) {
      expect(queryOf(viewOf(query))).toBe(query);
    }
  });

  it("asks the API for what it shows", () => {
    expect(apiQueryOf(viewOf(""))).toEqual({ status: "open", sort: "due", order: "asc" });
    expect(apiQueryOf(viewOf("sort=priority&q=+a+&priority=high"))).toEqual({
      status: "open",
      sort: "priority",
      order: "desc",
      priority: "high",
      q: "a",
    });
  });
});

describe("a changed task", () => {
  it("belongs to the views that it matches", () => {
    const view = viewOf("status=open&priority=high&q=Caf%C3%A9");
    expect(belongs(view, task(1, { title: "CAFÉ", priority: "high" }))).toBe(true);
    expect(belongs(view, task(1, { title: "CAFÉ", priority: "low" }))).toBe(false);
    expect(belongs(view, task(1, { title: "CAFÉ", priority: "high", completed: true }))).toBe(false);
    expect(belongs(view, task(1, { priority: "high", description: "at the café" }))).toBe(true);
  });

  it("finds its place before the API is asked, and is there once", () => {
    const tasks = [task(1, { priority: "low" }), task(2), task(3, { priority: "high" }), task(2)];
    expect(sorted(viewOf("sort=priority"), tasks).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(sorted(viewOf("sort=created"), tasks).map(({ id }) => id)).toEqual([3, 2, 1]);
  });
});

describe("the rows of the list", () => {
  const tasks = [
    task(1, { due_date: "2026-11-20" }),
    task(2, { due_date: "2026-11-25" }),
    task(3, { due_date: "2026-12-25" }),
    task(4),
  ];

  it("have headings where the view is what is due when", () => {
    const headings = rowsOf(viewOf(""), tasks, now).flatMap((row) => (row.kind === "heading" ? [row.text] : []));
    expect(headings).toEqual(["Overdue", "Today", "Upcoming", "No due date"]);
  });

  it("have none in other orders", () => {
    expect(rowsOf(viewOf("sort=created"), tasks, now)).toHaveLength(4);
    expect(rowsOf(viewOf("status=done"), tasks, now)).toHaveLength(4);
  });
});

describe("the figures of the dashboard", () => {
  const tasks = [
    task(1, { due_date: "2026-11-20" }),
    task(2, { due_date: "2026-11-25" }),
    task(3, { due_date: "2026-11-01", completed: true }),
    task(4, { completed: true, updated_at: new Date(2026, 10, 24, 23, 59).toISOString() }),
  ];

  it("count what is open, done, overdue and due today", () => {
    expect(statisticsOf(tasks, now)).toEqual({ open: 2, done: 2, overdue: 1, today: 1 });
  });

  it("count what was done by day of this zone, today last", () => {
    const days = donePerDay(tasks, now, 3);
    expect(days.map(({ done }) => done)).toEqual([0, 1, 1]);
    expect(days[2]?.start).toEqual(new Date(2026, 10, 25));
  });
});
