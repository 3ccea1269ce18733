/** A scenario while it runs: its browsers and clients, and what each step of it exchanged. */
import { createAuthClient } from 'better-auth/client';
import { jwtClient } from 'better-auth/client/plugins';
import { Browser } from './browser.js';
import { PASSWORD } from './fixtures.js';
import { mailsWithLink, pathOf } from './mailbox.js';
import { PAGE } from './subject.js';

const API = '/api/auth';

export class Scenario {
  steps = [];
  #exchanges = [];
  #baseURL;
  #run;

  constructor(baseURL, run) {
    this.#baseURL = baseURL;
    this.#run = run;
  }

  get origin() {
    return this.#baseURL;
  }

  email(name) {
    return `${name}-${this.#run}@example.com`;
  }

  browser() {
    return new Browser({ baseURL: this.#baseURL, page: PAGE, record: (exchange) => this.#exchanges.push(exchange) });
  }

  client(browser, fetchOptions = {}) {
    return createAuthClient({
      baseURL: this.#baseURL,
      plugins: [jwtClient()],
      fetchOptions: { customFetchImpl: browser.fetch, ...fetchOptions },
    });
  }

  /** A browser with its client, signed up as `name`. The sign-up is a step of its own. */
  async user(name) {
    const browser = this.browser();
    const client = this.client(browser);
    const { data } = await this.step(`sign up ${name}`, () => client.signUp.email({ name, email: this.email(name), password: PASSWORD }));
    return { browser, client, email: this.email(name), token: data.token };
  }

  /** @template T @param {string} name @param {() => Promise<T>} action @returns {Promise<T>} */
  async step(name, action) {
    if (this.steps.some((step) => step.name === name)) throw new Error(`two steps are named "${name}"`);
    this.#exchanges = [];
    const result = await action();
    this.steps.push({ name, exchanges: this.#exchanges, result: result?.setCookie ? undefined : result });
    return result;
  }

  /** The path of the link in the mail to an address that was sent as number `count`. It comes from where mails wait, not from an exchange. */
  async link(to, count = 1) {
    const mails = await mailsWithLink(this.#baseURL, to, count);
    return pathOf(mails[count - 1].url).slice(API.length);
  }

  /** A step that reads where the links lead that were mailed to an address: `count`, and not one more. */
  links(name, to, count) {
    return this.step(name, async () => (await mailsWithLink(this.#baseURL, to, count)).map((mail) => ({ to: mail.to, url: mail.url })));
  }

  /** A step of one raw request. */
  raw(name, browser, path, options) {
    return this.step(name, () => browser.send(API + path, options));
  }

  /** A step of one raw POST of JSON. */
  post(name, browser, path, json, options = {}) {
    return this.raw(name, browser, path, { method: 'POST', json, ...options });
  }
}
