import { afterEach, describe, expect, it, vi } from "vitest";
import { confirmationBy, readMailLink } from "@/lib/confirmation";
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

describe("what has come of a link about an address", () => {
  const by = (address: string, ownEmail: string | null = null) => confirmationBy(readMailLink(address), ownEmail);

  it("is that an address waits, or is confirmed", () => {
    expect(by("#ann@example.com")).toBe("waiting");
    expect(by("?for=verify#ann@example.com")).toBe("verified");
  });

  it("is why it was refused", () => {
    expect(by("?for=verify&error=TOKEN_EXPIRED")).toBe("verify-expired");
    expect(by("?for=verify&error=USER_NOT_FOUND")).toBe("verify-useless");
    expect(by("?for=change&error=TOKEN_EXPIRED")).toBe("change-expired");
    expect(by("?for=change&error=INVALID_TOKEN#new@example.com", "old@example.com")).toBe("change-useless");
    expect(by("?for=change&error=INVALID_USER#new@example.com", "bob@example.com")).toBe("somebody-else");
  });

  it("is a change that is made or goes on, by who is signed in", () => {
    expect(by("?for=change#New@example.com", "new@example.com")).toBe("changed");
    expect(by("?for=change#new@example.com", "old@example.com")).toBe("agreed");
    expect(by("?for=change#new@example.com")).toBe("agreed");
    expect(by("?for=change", "old@example.com")).toBe("agreed");
  });

  it("is a change that is made where a program followed the link before", () => {
    expect(by("?for=change&error=INVALID_TOKEN#new@example.com", "new@example.com")).toBe("changed");
  });
});
