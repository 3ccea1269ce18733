import { describe, expect, it } from "vitest";
import { decide, type Outcome } from "@/lib/routes";
import cases from "./routes.cases.json";

describe("every case of the table", () => {
  for (const { path, query, cookie, outcome } of cases) {
    const asked = query === "" ? path : `${path}?${query}`;
    it(`${asked} ${cookie ? "with" : "without"} a session cookie`, () => {
      expect(decide({ path, query, cookie })).toEqual(outcome as Outcome);
    });
  }
});

it("never looks for a file at a path with an empty segment, which some servers tidy first", () => {
  expect(decide({ path: "/a//b.js", query: "", cookie: false }).kind).toBe("missing");
});
