import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bucketOf, byDue, dueFields, dueLabel, dueText } from "@/lib/due";

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});

for (const place of ["UTC", "Pacific/Auckland", "America/Los_Angeles"]) {
  describe(`due dates in ${place}`, () => {
    beforeEach(() => {
      process.env.TZ = place;
    });
    const evening = () => new Date(2026, 10, 25, 22, 0, 0);

    it("takes a date as that day here", () => {
      expect(bucketOf("2026-11-24", evening())).toBe("overdue");
      expect(bucketOf("2026-11-25", evening())).toBe("today");
      expect(bucketOf("2026-11-26", evening())).toBe("upcoming");
      expect(bucketOf(null, evening())).toBe("undated");
    });

    it("takes a date-time as a moment", () => {
      expect(bucketOf(new Date(2026, 10, 25, 21, 59).toISOString(), evening())).toBe("overdue");
      expect(bucketOf(new Date(2026, 10, 25, 23, 0).toISOString(), evening())).toBe("today");
      expect(bucketOf(new Date(2026, 10, 26, 0, 0).toISOString(), evening())).toBe("upcoming");
    });

    it("gives fields and text that lead back to each other", () => {
      for (const text of ["2026-11-25", new Date(2026, 0, 2, 3, 4).toISOString()]) {
        const { day, time } = dueFields(text);
        expect(dueText(day, time)).toBe(text);
      }
      expect(dueText("", "10:00")).toBeNull();
      expect(dueFields(null)).toEqual({ day: "", time: "" });
    });

    it("sorts a timed task of today before the day's end and undated ones last", () => {
      const noon = new Date(2026, 10, 25, 12, 0).toISOString();
      const next = new Date(2026, 10, 26, 0, 30).toISOString();
      const sorted = byDue([null, next, "2026-11-25", noon, "2026-11-24"].map((due_date) => ({ due_date })));
      expect(sorted.map(({ due_date }) => due_date)).toEqual(["2026-11-24", noon, "2026-11-25", next, null]);
    });

    it("says days that are near by name", () => {
      expect(dueLabel("2026-11-25", evening())).toBe("Today");
      expect(dueLabel("2026-11-26", evening())).toBe("Tomorrow");
      expect(dueLabel("2026-11-24", evening())).toBe("Yesterday");
      expect(dueLabel("2026-12-04", evening())).toBe("Fri 4 Dec");
      expect(dueLabel("2027-01-04", evening())).toBe("4 Jan 2027");
      expect(dueLabel(new Date(2026, 10, 26, 17, 0).toISOString(), evening())).toBe("Tomorrow, 17:00");
    });
  });
}
