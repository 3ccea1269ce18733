import { loginFor } from "./routes";

let leaving = false;

/** Goes to another page for good; the first reason to go is the one that counts. */
export function leaveFor(url: string): void {
  if (!leaving) {
    leaving = true;
    window.location.replace(url);
  }
}

/** Goes to the login page, which says why and leads back here. */
export function leaveForLogin(reason: "ended" | "signed-out"): void {
  const { pathname, search } = window.location;
  leaveFor(`${loginFor(pathname + search)}&reason=${reason}`);
}

// A page that comes back out of the browser's memory has not left.
if (typeof window !== "undefined") {
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
}
