/**
 * What a browser adds to a request, for the official client and for raw requests.
 *
 * Node's own `fetch` is not usable here: it has no cookie jar, sends no `Origin`, and overwrites `Sec-Fetch-Mode`. So
 * requests are made with `node:http`, and every header that matters to the origin rules can be set or left out.
 *
 *     const browser = new Browser({ baseURL: 'http://127.0.0.1:9000', page: 'http://127.0.0.1:3000' });
 *     const client = createAuthClient({ baseURL, fetchOptions: { customFetchImpl: browser.fetch } });
 *
 * `browser.fetch` behaves as `fetch` in a page of the origin `page`; `browser.send` makes one request with full control.
 * Both report to `record` what went over the wire.
 */
import http from 'node:http';
import https from 'node:https';
import { Cookie, CookieJar } from 'tough-cookie';

/** Sent with every request, and so found again in `session.userAgent`. */
export const USER_AGENT = 'Mozilla/5.0 (conformance)';

/** An unanswered request is an error, never a test that hangs. */
const ANSWER_WITHIN_MS = 30_000;

const STATUS_WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * @typedef {object} Exchange
 * @property {{method: string, path: string, headers: Record<string, string>, body: string}} request
 * @property {{status: number, headers: Record<string, string>, setCookie: string[], body: string}} response
 *
 * @typedef {object} SendOptions
 * @property {string} [method] default GET
 * @property {Record<string, string>} [headers] set last, so they win over everything below
 * @property {string | Buffer} [body] sent as it is
 * @property {unknown} [json] sent as JSON, with its content type
 * @property {'jar' | 'none' | string} [cookies] the jar (default), none, or a literal `Cookie` header
 * @property {'page' | 'none' | string} [origin] the page's (default), none, or a literal `Origin` header
 * @property {'cors' | 'none' | Record<string, string>} [metadata] `Sec-Fetch-*` of a script (default), none, or literal headers
 */

/** Whether two origins are one site: same scheme and same registrable domain (for the hosts used here: same host). */
const isSameSite = (a, b) => a.protocol === b.protocol && a.hostname === b.hostname;

export class Browser {
  #base;
  #page;
  #record;
  #cors;

  /**
   * @param {object} options
   * @param {string} options.baseURL the server's origin
   * @param {string} options.page the origin of the page the script runs in
   * @param {(exchange: Exchange) => void} [options.record]
   * @param {boolean} [options.cors] hold the server to CORS in `fetch`, as a browser does (the original server leaves CORS to its host)
   */
  constructor({ baseURL, page, record = () => {}, cors = false }) {
    this.#base = new URL(baseURL);
    this.#page = new URL(page);
    this.#record = record;
    this.#cors = cors;
    this.jar = new CookieJar();
  }

  get #isSameOrigin() {
    return this.#base.origin === this.#page.origin;
  }

  get #site() {
    if (this.#isSameOrigin) return 'same-origin';
    return isSameSite(this.#base, this.#page) ? 'same-site' : 'cross-site';
  }

  /** The cookies a request would carry, by name. */
  async cookies() {
    const cookies = await this.jar.getCookies(this.#base.href, { sameSiteContext: 'strict' });
    return Object.fromEntries(cookies.map((cookie) => [cookie.key, cookie]));
  }

  /** Puts a cookie into the jar as if the server had set it. */
  async plant(name, value, attributes = 'Path=/; HttpOnly; SameSite=Lax') {
    await this.jar.setCookie(Cookie.parse(`${name}=${value}; ${attributes}`), this.#base.href, { sameSiteContext: 'strict' });
  }

  /** The window closes: cookies without a lifetime are gone. */
  async restart() {
    const all = await this.jar.serialize();
    all.cookies = all.cookies.filter((cookie) => cookie.expires !== undefined || cookie.maxAge !== undefined);
    this.jar = await CookieJar.deserialize(all);
  }

  /**
   * One request, redirects not followed.
   * @param {string} path path and query, sent byte for byte
   * @param {SendOptions} [options]
   * @returns {Promise<Exchange['response'] & {json: any}>}
   */
  async send(path, { method = 'GET', headers = {}, body, json, cookies = 'jar', origin = 'page', metadata = 'cors' } = {}) {
    const sent = { 'user-agent': USER_AGENT, accept: '*/*' };
    if (json !== undefined) {
      body = JSON.stringify(json);
      sent['content-type'] = 'application/json';
    }
    if (origin === 'page') {
      // A browser leaves `Origin` out of same-origin reads only.
      if (!this.#isSameOrigin || (method !== 'GET' && method !== 'HEAD')) sent.origin = this.#page.origin;
    } else if (origin !== 'none') {
      sent.origin = origin;
    }
    if (metadata === 'cors') {
      Object.assign(sent, { 'sec-fetch-site': this.#site, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' });
    } else if (metadata !== 'none') {
      Object.assign(sent, metadata);
    }
    const sameSiteContext = this.#site === 'cross-site' ? 'none' : 'strict';
    const cookie =
      cookies === 'jar' ? await this.jar.getCookieString(this.#base.href, { sameSiteContext }) : cookies === 'none' ? '' : cookies;
    if (cookie !== '') sent.cookie = cookie;
    Object.assign(sent, headers);
    const response = await this.#exchange(path, method, sent, body);
    if (cookies === 'jar') {
      for (const line of response.setCookie) await this.jar.setCookie(line, this.#base.href, { sameSiteContext });
    }
    this.#record({ request: { method, path, headers: sent, body: body?.toString() ?? '' }, response });
    return Object.defineProperty(response, 'json', { get: () => (response.body === '' ? undefined : JSON.parse(response.body)) });
  }

  /** `fetch` as the page's script sees it; for `fetchOptions.customFetchImpl`. */
  fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== this.#base.origin) throw new Error(`this browser only talks to ${this.#base.origin}, not ${url.origin}`);
    const method = (init.method ?? 'GET').toUpperCase();
    const headers = Object.fromEntries(new Headers(init.headers));
    const path = url.pathname + url.search;
    const enforced = this.#cors && !this.#isSameOrigin;
    if (enforced) await this.#preflight(path, method, headers);
    const cookies = init.credentials === 'include' || this.#isSameOrigin ? 'jar' : 'none';
    const response = await this.send(path, { method, headers, body: init.body ?? undefined, cookies });
    const visible = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      if (name !== 'set-cookie') visible.set(name, value);
    }
    if (enforced) this.#checkCors(response, cookies === 'jar', visible);
    const hasBody = method !== 'HEAD' && !STATUS_WITHOUT_BODY.has(response.status);
    return new Response(hasBody ? response.body : null, {
      status: response.status,
      statusText: http.STATUS_CODES[response.status],
      headers: visible,
    });
  };

  /** @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
  async #preflight(path, method, headers) {
    const isSimpleType = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(;|$)/i.test(
      headers['content-type'] ?? 'text/plain',
    );
    const asked = [...(isSimpleType ? [] : ['content-type']), ...('authorization' in headers ? ['authorization'] : [])].sort();
    if (['GET', 'HEAD', 'POST'].includes(method) && asked.length === 0) return;
    const sent = {
      origin: this.#page.origin,
      'access-control-request-method': method,
      ...(asked.length > 0 && { 'access-control-request-headers': asked.join(',') }),
    };
    const answer = await this.#exchange(path, 'OPTIONS', { 'user-agent': USER_AGENT, ...sent }, undefined);
    if (answer.status < 200 || answer.status > 299)
      throw new TypeError(`Failed to fetch: the preflight was answered with ${answer.status}`);
    this.#checkCors(answer, true);
    const list = (name) =>
      (answer.headers[name] ?? '')
        .toLowerCase()
        .split(',')
        .map((item) => item.trim());
    if (!['GET', 'HEAD', 'POST'].includes(method) && !list('access-control-allow-methods').includes(method.toLowerCase())) {
      throw new TypeError(`Failed to fetch: the preflight does not allow the method ${method}`);
    }
    const refused = asked.filter((name) => !list('access-control-allow-headers').includes(name));
    if (refused.length > 0) throw new TypeError(`Failed to fetch: the preflight does not allow the headers ${refused}`);
  }

  /** @see https://fetch.spec.whatwg.org/#concept-cors-check */
  #checkCors(response, withCredentials, visible) {
    if (response.headers['access-control-allow-origin'] !== this.#page.origin)
      throw new TypeError('Failed to fetch: Access-Control-Allow-Origin does not name the page');
    if (withCredentials && response.headers['access-control-allow-credentials'] !== 'true')
      throw new TypeError('Failed to fetch: credentials are not allowed');
    if (visible === undefined) return;
    const safe = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma'];
    const exposed = new Set([
      ...safe,
      ...(response.headers['access-control-expose-headers'] ?? '')
        .toLowerCase()
        .split(',')
        .map((name) => name.trim()),
    ]);
    for (const name of [...visible.keys()]) {
      if (!exposed.has(name)) visible.delete(name);
    }
  }

  /** @returns {Promise<Exchange['response']>} */
  #exchange(path, method, headers, body) {
    const transport = this.#base.protocol === 'https:' ? https : http;
    const length = body === undefined && method === 'POST' ? 0 : body === undefined ? undefined : Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
      const request = transport.request({
        protocol: this.#base.protocol,
        hostname: this.#base.hostname,
        port: this.#base.port,
        method,
        path,
        headers: length === undefined ? headers : { ...headers, 'content-length': length },
        // A connection of its own: a server that closes an idle connection cannot then fail a test.
        agent: false,
        timeout: ANSWER_WITHIN_MS,
      });
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path} within ${ANSWER_WITHIN_MS} ms`)));
      request.on('error', reject);
      request.on('response', (message) => {
        const chunks = [];
        message.on('data', (chunk) => chunks.push(chunk));
        message.on('error', reject);
        message.on('end', () => {
          const { 'set-cookie': setCookie = [], ...rest } = message.headers;
          resolve({ status: message.statusCode, headers: rest, setCookie, body: Buffer.concat(chunks).toString() });
        });
      });
      request.end(body);
    });
  }
}
