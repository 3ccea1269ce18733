import { afterEach, describe, expect, it, vi } from "vitest";
import { readMailLink } from "@/lib/mail-link";
import { pageAbout } from "@/lib/page-about";

describe("the address of a page that a link in a mail leads to", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("has the mail address where no server sees it, and gives it back", () => {
    vi.stubGlobal("window", { location: { origin: "https://app.example.com" } });
    const page = new URL(pageAbout("/verify-email?for=change", "o'neil+a&b=c#%d@example.com"));
    expect(page.search).toBe("?for=change");
    expect(readMailLink(page.search + page.hash)).toEqual({
      token: "",
      error: "",
      purpose: "change",
      email: "o'neil+a&b=c#%d@example.com",
    });
  });

  it("has what the API adds, in front of the fragment", () => {
    expect(readMailLink("?token=abc-_1#ann%40example.com")).toMatchObject({
      token: "abc-_1",
      email: "ann@example.com",
    });
    expect(readMailLink("?for=verify&error=TOKEN_EXPIRED")).toMatchObject({ error: "TOKEN_EXPIRED", email: "" });
    expect(readMailLink("")).toEqual({ token: "", error: "", purpose: "", email: "" });
    expect(readMailLink("#%E0")).toMatchObject({ email: "" });
  });
});
