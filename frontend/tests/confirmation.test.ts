import { describe, expect, it } from "vitest";
import { confirmationBy } from "@/lib/confirmation";
import { readMailLink } from "@/lib/mail-link";

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
