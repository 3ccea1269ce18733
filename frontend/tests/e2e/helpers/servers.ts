/**
 * What the tests run against: the local stack with a store of its own, alone or behind `next start`, on free ports, ended
 * with the worker that started it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Who serves the pages: the local stack (the export), `next start`, or whoever answers at `BASE_URL`. */
export type Served = "export" | "server" | "there";

export interface Servers {
  readonly baseURL: string;
  /** Ends the API, and begins it again over the same data at the same port; neither can be done to a server at `BASE_URL`. */
  readonly stopApi?: () => Promise<void>;
  readonly startApi?: () => Promise<void>;
  /** The address of the local stack's mailbox; a server at `BASE_URL` has none. */
  readonly mailbox?: string;
  readonly close: () => Promise<void>;
}

/** Variables of the API's configuration beside those of the local stack. */
export type Configured = Readonly<Record<string, string>>;

const FRONTEND = join(__dirname, "../../..");
const REPOSITORY = join(FRONTEND, "..");

/** The program to start instead of compiling and running the workspace. */
const [STACK = "cargo", ...STACK_ARGUMENTS] = process.env.STACK
  ? [process.env.STACK]
  : ["cargo", "run", "--quiet", "--locked", "--"];

/** The first start may compile the workspace. */
const READY_WITHIN_MS = 20 * 60_000;
const STOPPED_WITHIN_MS = 10_000;

const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts a server and waits until it says that it is ready, in a line of its output that has its address. */
async function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; ready: RegExp },
): Promise<{ child: ChildProcess; url: string }> {
  const { cwd, env, ready } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  // Told only where the server fails: outages that tests make have much said about them.
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000);
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} was not ready in time\n${said}`)), READY_WITHIN_MS);
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`${command} ended before it was ready (${signal ?? String(code)})\n${said}`)),
    );
    // Read to the end, so that a full pipe never stops the server.
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = ready.exec(line)?.[1];
      if (found !== undefined) {
        clearTimeout(timer);
        resolve(found);
      }
    });
  });
  return { child, url };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the local stack over a directory. */
function startStack(data: string, port: number, configured: Configured) {
  return start(
    STACK,
    [...STACK_ARGUMENTS, "--port", String(port), "--dynamodb-port", "0", "--data", data, "--no-demo"],
    { cwd: REPOSITORY, env: configured, ready: /^ready (http:\/\/\S+)$/ },
  );
}

export async function startServers(served: Served, configured: Configured): Promise<Servers> {
  if (served === "there") {
    return { baseURL: new URL(process.env.BASE_URL ?? "").origin, close: async () => {} };
  }
  const data = await mkdtemp(join(tmpdir(), "e2e-"));
  const pagesPort = await freePort();
  const pages = `http://127.0.0.1:${pagesPort}`;
  // Where others serve the pages, theirs is the address that people know, and links in mails lead there.
  const variables = served === "server" ? { BASE_URL: pages, CORS_ORIGINS: pages, ...configured } : configured;
  const stack = await startStack(data, 0, variables);
  const apiPort = Number(new URL(stack.url).port);
  let api = stack.child;
  const next =
    served === "server"
      ? await start(
          process.execPath,
          ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", String(pagesPort)],
          { cwd: FRONTEND, env: { API_URL: stack.url, NODE_ENV: "production" }, ready: /- Local:\s+(http:\/\/\S+)/ },
        )
      : null;
  return {
    baseURL: next === null ? stack.url : pages,
    stopApi: () => stop(api),
    startApi: async () => {
      api = (await startStack(data, apiPort, variables)).child;
    },
    mailbox: `${stack.url}/_local/mail.json`,
    close: async () => {
      await Promise.all([stop(api), ...(next === null ? [] : [stop(next.child)])]);
      await rm(data, { recursive: true, force: true });
    },
  };
}
