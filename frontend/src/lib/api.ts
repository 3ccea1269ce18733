import createClient from "openapi-fetch";
import type { components, paths } from "./api.schema";
import { UNREACHABLE } from "./unreachable";

export type Task = components["schemas"]["Task"];
export type NewTask = components["schemas"]["CreateTask"];
export type TaskChange = components["schemas"]["UpdateTask"];
export type ExportedData = components["schemas"]["ExportedPage"];
export type Priority = components["schemas"]["Priority"];
export type TaskQuery = Omit<
  NonNullable<paths["/api/{user_id}/tasks"]["get"]["parameters"]["query"]>,
  "cursor" | "limit"
>;

/** A task with the entity tag of its version, for `If-Match`. */
export interface TaskVersion {
  readonly task: Task;
  readonly tag: string;
}

export interface TaskPage {
  readonly tasks: Task[];
  /** What the next page begins after; null on the last one. */
  readonly cursor: string | null;
}

/** How a change is sent: once only under its key, and only to the version that was seen. */
export interface ChangeOptions {
  /** Repeating a request with the same key never does it twice. A new one is made where none is given. */
  readonly key?: string;
  /** The tag that the change is made to. Another version in the store is answered 412. */
  readonly tag?: string;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
}

/** A refusal of the API, whose message is its `detail`, or no answer at all: then the status is 0. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether the same request may well succeed a moment later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

type TokenSource = () => Promise<string | null>;

let bearer: TokenSource | null = null;

/**
 * Sends a bearer token with every request instead of the session cookie; null goes back to the cookie. For pages of
 * another site than the API's, where browsers do not send cookies.
 */
export function authorizeWith(source: TokenSource | null): void {
  bearer = source;
}

const client = createClient<paths>({
  baseUrl: process.env.NEXT_PUBLIC_API_URL ?? "",
  credentials: "include",
  // fetch is looked up at each call, so that whatever wraps it later is used too.
  fetch: (request) => fetch(request),
});

client.use({
  async onRequest({ request }) {
    if (bearer === null) {
      return;
    }
    const token = await bearer();
    if (token !== null) {
      request.headers.set("authorization", `Bearer ${token}`);
    }
    return new Request(request, { credentials: "omit" });
  },
});

/** A fresh value for `Idempotency-Key`. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function refusal(response: Response, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string") {
    const code = "code" in body && typeof body.code === "string" ? body.code : "unknown";
    return new ApiError(body.detail, response.status, code);
  }
  // Not the API's own words: something between here and it has answered.
  return new ApiError(UNREACHABLE, response.status >= 500 ? 0 : response.status, "unreachable");
}

interface Answer<T> {
  readonly data: T;
  readonly response: Response;
}

async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Answer<T>> {
  let result;
  try {
    result = await call;
  } catch {
    throw new ApiError(UNREACHABLE, 0, "unreachable");
  }
  if (result.response.ok && result.data !== undefined) {
    return { data: result.data, response: result.response };
  }
  throw refusal(result.response, result.error);
}

function version({ data, response }: Answer<Task>): TaskVersion {
  return { task: data, tag: response.headers.get("etag") ?? "*" };
}

function changeHeaders({ key, tag }: ChangeOptions): { "idempotency-key": string; "if-match"?: string } {
  return { "idempotency-key": key ?? newKey(), ...(tag === undefined ? {} : { "if-match": tag }) };
}

/** The cursor in a `Link` header's `rel="next"` (RFC 8288). Its host is not ours to trust, so only the cursor is taken. */
export function nextCursor(link: string | null): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  return target === undefined ? null : new URL(target, "http://localhost").searchParams.get("cursor");
}

/** One page of a person's tasks. */
export async function getTasks(
  userId: string,
  query: TaskQuery & { cursor?: string; limit?: number } = {},
  signal?: AbortSignal,
): Promise<TaskPage> {
  const { data, response } = await answer(
    client.GET("/api/{user_id}/tasks", { params: { path: { user_id: userId }, query }, signal: signal ?? null }),
  );
  return { tasks: data, cursor: nextCursor(response.headers.get("link")) };
}

/** All of a person's tasks, page after page. */
export async function getAllTasks(userId: string, query: TaskQuery = {}, signal?: AbortSignal): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page = await getTasks(userId, cursor === "" ? query : { ...query, cursor }, signal);
    tasks.push(...page.tasks);
    cursor = page.cursor;
  }
  return tasks;
}

/** Everything that is kept of the signed-in person, page after page; `onTasks` hears how many tasks have come so far. */
export async function getExport(onTasks: (count: number) => void): Promise<ExportedData> {
  let all: ExportedData = { tasks: [] };
  for (let cursor: string | null = ""; cursor !== null;) {
    const query = cursor === "" ? {} : { cursor };
    const { data, response } = await answer(client.GET("/api/auth/export", { params: { query } }));
    // The first page has all but tasks, the others have nothing else.
    all = { ...all, ...data, tasks: [...all.tasks, ...data.tasks] };
    onTasks(all.tasks.length);
    cursor = nextCursor(response.headers.get("link"));
  }
  return all;
}

/** A task as it is now, with the tag to change it by. */
export async function getTask(userId: string, taskId: number): Promise<TaskVersion> {
  const path = { user_id: userId, task_id: taskId };
  return version(await answer(client.GET("/api/{user_id}/tasks/{task_id}", { params: { path } })));
}

export async function createTask(userId: string, task: NewTask, options: ChangeOptions = {}): Promise<TaskVersion> {
  const params = { path: { user_id: userId }, header: changeHeaders(options) };
  return version(await answer(client.POST("/api/{user_id}/tasks", { params, body: task })));
}

/** Changes the named fields and no others. */
export async function updateTask(
  userId: string,
  taskId: number,
  change: TaskChange,
  options: ChangeOptions = {},
): Promise<TaskVersion> {
  const params = { path: { user_id: userId, task_id: taskId }, header: changeHeaders(options) };
  return version(await answer(client.PUT("/api/{user_id}/tasks/{task_id}", { params, body: change })));
}

/**
 * Flips `completed`. `wanted` is what the person asked for: where somebody else flipped in between, the first flip has
 * undone theirs, so it is flipped once more.
 */
export async function toggleTaskComplete(
  userId: string,
  taskId: number,
  wanted: boolean,
  options: ChangeOptions = {},
): Promise<TaskVersion> {
  const key = options.key ?? newKey();
  const flip = async (under: string) => {
    const params = { path: { user_id: userId, task_id: taskId }, header: changeHeaders({ ...options, key: under }) };
    return version(await answer(client.PATCH("/api/{user_id}/tasks/{task_id}/complete", { params })));
  };
  const flipped = await flip(key);
  return flipped.task.completed === wanted ? flipped : flip(`${key}-again`);
}

export async function deleteTask(userId: string, taskId: number, options: ChangeOptions = {}): Promise<Task> {
  const params = { path: { user_id: userId, task_id: taskId }, header: changeHeaders(options) };
  const { keepalive = false } = options;
  return (await answer(client.DELETE("/api/{user_id}/tasks/{task_id}", { params, keepalive }))).data;
}
