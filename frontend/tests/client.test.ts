import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ApiError,
  authorizeWith,
  createTask,
  getExport,
  getTasks,
  nextCursor,
  toggleTaskComplete,
  updateTask,
} from "@/lib/api";
import { deviceName } from "@/lib/device";

const task = { id: 7, user_id: "u", title: "Rent", completed: false };

/** Answers in turn, and keeps what was asked. */
function answers(...responses: (() => Response)[]): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    const next = responses[asked.length - 1];
    return next === undefined ? Promise.reject(new TypeError("no network")) : Promise.resolve(next());
  });
  return asked;
}

const ok = (body: unknown, headers: Record<string, string> = {}) => Response.json(body, { headers });

afterEach(() => {
  authorizeWith(null);
});

describe("the client of the API", () => {
  it("throws the detail of a problem as its message", async () => {
    answers(() => Response.json({ detail: "Access denied to this resource", code: "access_denied" }, { status: 403 }));
    const error = await getTasks("u").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: "Access denied to this resource", status: 403, code: "access_denied" });
  });

  it("says that the server cannot be reached, whether nobody answers or a proxy does", async () => {
    answers();
    await expect(getTasks("u")).rejects.toMatchObject({ status: 0, passing: true });
    answers(() => new Response("Bad Gateway", { status: 502, headers: { "content-type": "text/plain" } }));
    await expect(getTasks("u")).rejects.toMatchObject({ status: 0, message: /cannot be reached/ });
  });

  it("follows the Link header by its cursor alone", async () => {
    const link = '<https://elsewhere.example/api/u/tasks?limit=2&cursor=a%2Bb>; rel="next"';
    answers(() => ok([task], { link }));
    expect(await getTasks("u", { limit: 2 })).toMatchObject({ cursor: "a+b" });
    expect(nextCursor('</x?cursor=1>; rel="prev", </x?cursor=2>; rel="next"')).toBe("2");
    expect(nextCursor(null)).toBeNull();
  });

  it("sends a key with each change and a tag where there is one", async () => {
    const asked = answers(
      () => ok(task, { etag: '"1"' }),
      () => ok(task, { etag: '"2"' }),
    );
    await createTask("u", { title: "Rent" });
    expect(asked[0]?.headers.get("idempotency-key")).toMatch(/^[0-9a-f]{32}$/);
    const { tag } = await updateTask("u", 7, { title: "Pay" }, { key: "mine", tag: '"1"' });
    expect(tag).toBe('"2"');
    expect(asked[1]?.headers.get("idempotency-key")).toBe("mine");
    expect(asked[1]?.headers.get("if-match")).toBe('"1"');
    expect(asked[1]?.credentials).toBe("include");
  });

  it("flips once more where somebody else has flipped in between", async () => {
    const asked = answers(
      () => ok({ ...task, completed: false }),
      () => ok({ ...task, completed: true }),
    );
    const { task: flipped } = await toggleTaskComplete("u", 7, true);
    expect(flipped.completed).toBe(true);
    const keys = asked.map((request) => request.headers.get("idempotency-key"));
    expect(new Set(keys).size).toBe(2);
  });

  it("puts the pages of an export together, and says how far it is", async () => {
    const asked = answers(
      () =>
        ok({ user: { id: "u" }, sessions: [], tasks: [task] }, { link: '</api/auth/export?cursor=a%2Bb>; rel="next"' }),
      () => ok({ tasks: [{ ...task, id: 8 }] }),
    );
    const counts: number[] = [];
    const all = await getExport((count) => counts.push(count));
    expect(all).toEqual({ user: { id: "u" }, sessions: [], tasks: [task, { ...task, id: 8 }] });
    expect(counts).toEqual([1, 2]);
    expect(new URL(asked[1]?.url ?? "").searchParams.get("cursor")).toBe("a+b");
  });

  it("sends a bearer token and no cookie when told so", async () => {
    const asked = answers(() => ok([]));
    authorizeWith(() => Promise.resolve("abc"));
    await getTasks("u");
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer abc");
    expect(asked[0]?.credentials).toBe("omit");
  });
});

describe("device names", () => {
  it("are what a person calls the device", () => {
    expect(deviceName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe(
      "Firefox on Linux",
    );
    expect(
      deviceName(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
      ),
    ).toBe("Safari on iPhone");
    expect(deviceName("curl/8.5.0")).toBe("curl");
    expect(deviceName("")).toBe("Unknown device");
  });
});
