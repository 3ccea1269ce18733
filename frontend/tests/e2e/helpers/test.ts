/**
 * The test function of all end-to-end tests. Every page of every browser context is watched: an error on the console, an
 * exception, a violation of the content policy or a request to another host fails the test that let it happen.
 */
import { expect, test as base, type BrowserContext, type BrowserContextOptions } from "@playwright/test";
import { Mailbox } from "./mailbox";
import { Person } from "./person";
import { startServers, type Configured, type Served, type Servers } from "./servers";

export interface Options {
  /** Who serves the pages. */
  served: Served;
  /** How the API is configured, where that is not as the local stack is by itself. */
  configured: Configured;
}

interface WorkerFixtures {
  servers: Servers;
}

/** What a test knows will go wrong on the console, such as an answer that it provokes. */
export interface Watch {
  expects: (problem: RegExp) => void;
  over: (context: BrowserContext) => void;
}

interface TestFixtures {
  watch: Watch;
  /** A browser of its own, with nothing in it. */
  newBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Where mails of the local stack arrive. */
  mailbox: Mailbox;
  /** A new person with an account, signed in in the test's browser. */
  ann: Person;
  /** Somebody else with an account, signed in in a browser of their own. */
  bob: Person;
}

export const test = base.extend<TestFixtures, Options & WorkerFixtures>({
  served: ["export", { option: true, scope: "worker" }],
  configured: [{}, { option: true, scope: "worker" }],
  servers: [
    async ({ served, configured }, provide) => {
      const servers = await startServers(served, configured);
      await provide(servers);
      await servers.close();
    },
    // The first start may compile.
    { scope: "worker", timeout: 20 * 60_000 },
  ],
  baseURL: async ({ servers }, provide) => {
    await provide(servers.baseURL);
  },
  watch: [
    async ({ servers }, provide) => {
      const problems: string[] = [];
      const expected: RegExp[] = [];
      await provide({
        expects: (problem) => {
          expected.push(problem);
        },
        over: (context) => {
          context.on("console", (message) => {
            if (message.type() === "error" || message.type() === "warning") {
              problems.push(`${message.text()} (${message.location().url})`);
            }
          });
          context.on("weberror", (error) => {
            problems.push(String(error.error()));
          });
          context.on("request", (request) => {
            const { protocol, origin } = new URL(request.url());
            if (protocol.startsWith("http") && origin !== servers.baseURL) {
              problems.push(`asked another host: ${request.url()}`);
            }
          });
        },
      });
      expect(problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, watch }, provide) => {
    watch.over(context);
    await provide(context);
  },
  newBrowser: async ({ browser, servers, watch }, provide) => {
    const contexts: BrowserContext[] = [];
    await provide(async (options = {}) => {
      const context = await browser.newContext({
        baseURL: servers.baseURL,
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        ...options,
      });
      watch.over(context);
      contexts.push(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  mailbox: async ({ servers }, provide) => {
    test.skip(servers.mailbox === undefined, "nobody can look into the mailbox");
    await provide(new Mailbox(servers.mailbox ?? ""));
  },
  ann: async ({ page, servers }, provide) => {
    const ann = await Person.signedUp(page, "Ann", servers.baseURL);
    await provide(ann);
    await ann.leaves();
  },
  bob: async ({ newBrowser, servers }, provide) => {
    const bob = await Person.signedUp(await (await newBrowser()).newPage(), "Bob", servers.baseURL);
    await provide(bob);
    await bob.leaves();
  },
});

export { expect };
