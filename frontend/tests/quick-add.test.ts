import * as chrono from "chrono-node/en";
import { describe, expect, it } from "vitest";
import { readQuickTask } from "@/lib/quick-add";

// A Wednesday.
const now = new Date(2026, 10, 25, 10, 0, 0);
const read = (line: string) => readQuickTask(line, now, chrono.casual);

describe("a quick-add line", () => {
  it("understands tomorrow and weekdays as days that lie ahead", () => {
    expect(read("Water plants tomorrow")).toMatchObject({ title: "Water plants", due_date: "2026-11-26" });
    expect(read("Pay rent fri")).toMatchObject({ title: "Pay rent", due_date: "2026-11-27" });
    expect(read("Call mum on monday")).toMatchObject({ title: "Call mum", due_date: "2026-11-30" });
    expect(read("Taxes by 3 Jan")).toMatchObject({ title: "Taxes", due_date: "2027-01-03" });
  });

  it("keeps a time as a moment of this zone", () => {
    const expected = new Date(2026, 10, 27, 17, 30).toISOString();
    expect(read("Send report fri 17:30")).toMatchObject({ title: "Send report", due_date: expected });
    expect(read("Send report friday at 5:30pm").due_date).toBe(expected);
  });

  it("takes a priority from anywhere in the line", () => {
    expect(read("!high Fix the leak")).toMatchObject({ title: "Fix the leak", priority: "high" });
    expect(read("Fix !low the leak today")).toMatchObject({
      title: "Fix the leak",
      priority: "low",
      due_date: "2026-11-25",
    });
    expect(read("Fix the leak !1")).toMatchObject({ priority: "high" });
    expect(read("Fix the leak")).toMatchObject({ priority: "medium" });
    expect(read("Say hello!high")).toMatchObject({ title: "Say hello!high", priority: "medium" });
  });

  it("reads all of it together and says which words were the date", () => {
    expect(read("Pay rent fri !high")).toEqual({
      title: "Pay rent",
      due_date: "2026-11-27",
      priority: "high",
      dateWords: "fri",
    });
  });

  it("leaves words in the title that are no date there", () => {
    for (const line of ["Buy 3 apples", "Read chapter 12", "Thank May", "Call 5 people", "Second coat of paint"]) {
      expect(read(line)).toMatchObject({ title: line, due_date: null });
    }
  });

  it("keeps a title that is nothing but a date", () => {
    expect(read("tomorrow")).toMatchObject({ title: "tomorrow", due_date: null });
  });

  it("reads priorities while dates are not loaded", () => {
    expect(readQuickTask("Pay rent fri !high", now, null)).toMatchObject({ title: "Pay rent fri", priority: "high" });
  });
});
