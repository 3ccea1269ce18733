/** Users and requests that the tests of our backend have in common. */
import assert from 'node:assert/strict';
import { createAuthClient } from 'better-auth/client';
import { jwtClient } from 'better-auth/client/plugins';
import { Browser } from './browser.js';
import { pathOf } from './mailbox.js';
import { PAGE } from './subject.js';

export const PASSWORD = 'correct horse battery';

let count = 0;
const run = Math.random().toString(36).slice(2, 10);

/** An address that nobody has yet. */
export const newEmail = () => `user${(count += 1)}-${run}@example.com`;

export const newClient = (browser, baseURL, fetchOptions = {}) =>
  createAuthClient({ baseURL, plugins: [jwtClient()], fetchOptions: { customFetchImpl: browser.fetch, ...fetchOptions } });

/** The name of the session cookie: with https it has a prefix. */
export const cookieName = (baseURL) => `${baseURL.startsWith('https:') ? '__Secure-' : ''}better-auth.session_token`;

/**
 * A user who is signed in, in a browser that holds the server to CORS.
 * @param {string} baseURL
 */
export async function newUser(baseURL) {
  const browser = new Browser({ baseURL, page: PAGE, cors: true });
  const client = newClient(browser, baseURL);
  const email = newEmail();
  const { data, error } = await client.signUp.email({ name: 'Ann', email, password: PASSWORD });
  assert.equal(error, null);
  return { browser, client, email, id: data.user.id, token: data.token, cookie: `${cookieName(baseURL)}=${data.token}` };
}

/** A browser without cookies, CORS or an origin of its own: what a program sends. */
export const bare = (baseURL) => {
  const browser = new Browser({ baseURL, page: PAGE });
  return (path, options = {}) => browser.send(path, { cookies: 'none', origin: 'none', metadata: 'none', ...options });
};

export const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** Refused by the plain dialect for want of a credential. */
export function assertNoCredential(response) {
  assert.equal(response.status, 401, response.body);
  assert.equal(response.json.detail, 'Could not validate credentials');
  assert.equal(response.headers['content-type'], 'application/problem+json');
  assert.match(response.headers['www-authenticate'], /^Bearer\b/);
}

/** Opens the link in a mail: a navigation from elsewhere, with the cookies that a browser sends along. */
export const follow = (browser, url) =>
  browser.send(pathOf(url), {
    origin: 'none',
    metadata: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  });

/**
 * The states of `useSession`, as a page sees them. The store fetches only where there is a window, so there is one meanwhile.
 * @param {(states: {until: (condition: (state: any) => boolean) => Promise<any>}) => Promise<void>} action
 */
export async function withUseSession(client, action) {
  globalThis.window = {};
  const states = [];
  const waiting = new Set();
  const unsubscribe = client.useSession.subscribe((state) => {
    states.push(state);
    for (const wake of waiting) wake();
  });
  /** The first state from now on that fulfils the condition. */
  const until = (condition) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`useSession never came to ${condition}: ${JSON.stringify(states)}`)), 10_000);
      const wake = () => {
        if (!condition(states.at(-1))) return;
        clearTimeout(timer);
        waiting.delete(wake);
        resolve(states.at(-1));
      };
      waiting.add(wake);
      wake();
    });
  try {
    await action({ until });
  } finally {
    unsubscribe();
    delete globalThis.window;
  }
}
