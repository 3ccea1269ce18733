import { describe, expect, it } from "vitest";
import { changeBetween, differences, merged, suggestedSides, type TaskFields } from "@/lib/task-edit";

const base: TaskFields = { title: "Rent", description: null, priority: "medium", due_date: "2026-11-27" };

describe("two versions of a task", () => {
  it("sends only what was changed, and null to clear", () => {
    expect(changeBetween(base, { ...base, title: "Pay rent", due_date: null })).toEqual({
      title: "Pay rent",
      due_date: null,
    });
    expect(changeBetween(base, base)).toEqual({});
  });

  it("takes two spellings of one moment as the same", () => {
    const a = { ...base, due_date: "2026-11-27T10:00:00Z" };
    const b = { ...base, due_date: "2026-11-27T10:00:00.000Z" };
    expect(differences(a, b)).toEqual([]);
    expect(differences({ ...base, due_date: "2026-11-27" }, b)).toEqual(["due_date"]);
  });

  it("suggests theirs only where nobody but them has changed", () => {
    const mine = { ...base, title: "Pay rent" };
    const theirs = { ...base, title: "Rent!", priority: "high" as const };
    expect(suggestedSides(base, mine, theirs)).toEqual({ title: "mine", priority: "theirs" });
  });

  it("merges field by field as chosen", () => {
    const mine = { ...base, title: "Pay rent", description: "by transfer" };
    const theirs = { ...base, priority: "high" as const };
    expect(merged(mine, theirs, { title: "mine", description: "theirs", priority: "theirs" })).toEqual({
      ...base,
      title: "Pay rent",
      priority: "high",
    });
  });
});
