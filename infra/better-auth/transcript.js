/**
 * A scenario's transcript, with what is random taken out.
 *
 * A masked value keeps its kind and its identity: `<id sign up.1>` is an id, the first one seen in the step "sign up", and
 * is written the same wherever it appears again. So a null in place of an id, a token that changed, or a session that
 * belongs to another user is a difference, and the form of an id is not.
 *
 *     node transcript.js reference    prints the original server's transcript
 *     node transcript.js subject      prints our backend's
 *
 * A name of `configurations.js` behind that configures the server so.
 */
import { fileURLToPath } from 'node:url';

const ID_KEYS = new Set(['id', 'userId', 'accountId', 'sub']);
const DATE_KEYS = new Set(['createdAt', 'updatedAt', 'expiresAt']);
const WIRE_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** `token.signature` of the original server, not percent-encoded. */
const SIGNED = /^(.+)\.[A-Za-z0-9+/]{43}=$/;

/** What a link in a mail proves, in its path or query. */
const MAIL_TOKEN = /(\/reset-password\/|[?&]token=)[\w.-]{24,}/g;

const RECORDED_HEADERS = ['content-type', 'cache-control', 'pragma', 'location', 'set-auth-token', 'set-auth-jwt', 'x-retry-after'];

export class Masks {
  #texts;
  #seen = new Map();
  #step = '';
  #counts = {};

  /** @param {Record<string, string>} texts mask for each literal text that differs from run to run */
  constructor(texts) {
    this.#texts = texts;
  }

  /** @param {{name: string, exchanges: import('./browser.js').Exchange[], result: unknown}} step */
  step({ name, exchanges, result }) {
    this.#step = this.#text(name);
    this.#counts = {};
    return {
      name: this.#step,
      exchanges: exchanges.map(({ request, response }) => {
        const body = this.#body(response);
        return {
          request: {
            method: request.method,
            path: this.#text(request.path),
            contentType: request.headers['content-type'] ?? null,
          },
          response: {
            status: response.status,
            headers: this.#headers(response),
            setCookie: response.setCookie.map((line) => this.#setCookie(line)),
            body,
          },
        };
      }),
      result: result === undefined ? 'none' : this.#value(result, ''),
    };
  }

  #alias(kind, value) {
    const key = `${kind} ${value}`;
    if (!this.#seen.has(key)) {
      this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
      this.#seen.set(key, `<${kind} ${this.#step}.${this.#counts[kind]}>`);
    }
    return this.#seen.get(key);
  }

  #text(text) {
    const masked = Object.entries(this.#texts).reduce((masked, [literal, mask]) => masked.replaceAll(literal, mask), text);
    return masked.replace(MAIL_TOKEN, '$1<mail token>');
  }

  /** An empty body is `''`, the literal `null` is null, and JSON is only what says so. */
  #body({ headers, body }) {
    return body !== '' && /^application\/json(;|$)/.test(headers['content-type'] ?? '')
      ? this.#value(JSON.parse(body), '')
      : this.#text(body);
  }

  #headers({ headers }) {
    const masked = {};
    for (const name of RECORDED_HEADERS) {
      if (!(name in headers)) continue;
      if (name === 'set-auth-token') masked[name] = this.#token(headers[name]);
      else if (name === 'set-auth-jwt') masked[name] = this.#jwt(headers[name]);
      else masked[name] = this.#text(headers[name]);
    }
    return masked;
  }

  /** The whole line, so that every attribute and their order count. */
  #setCookie(line) {
    const [, name, value, attributes] = /^([^=;]+)=([^;]*)(.*)$/.exec(line);
    if (value === '') return line;
    if (name.endsWith('session_token')) return `${name}=${this.#token(decodeURIComponent(value))}${attributes}`;
    // A flag, signed or not.
    const flag = decodeURIComponent(value).replace(SIGNED, '$1');
    return `${name}=${flag}${attributes}`;
  }

  /** A session token, with or without the original server's signature behind it. */
  #token(value) {
    return this.#alias('token', value.replace(SIGNED, '$1'));
  }

  #jwt(token) {
    const [header, payload] = token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    const { kid, ...rest } = header;
    const { iat, exp, sid, ...claims } = payload;
    return {
      header: { ...rest, kid: this.#alias('key', kid) },
      payload: {
        ...this.#value(claims, ''),
        iat: Number.isInteger(iat) ? '<seconds>' : iat,
        exp: exp - iat,
        ...(sid !== undefined && { sid: typeof sid === 'string' ? '<session id>' : sid }),
      },
    };
  }

  #value(value, key) {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '<invalid Date>' : '<Date>';
    if (Array.isArray(value)) {
      // Lists of rows have no promised order. Oldest first, before their ids get their names.
      const rows = value.every((row) => row?.createdAt !== undefined)
        ? value.toSorted((a, b) => new Date(a.createdAt) - new Date(b.createdAt))
        : value;
      return rows.map((item) => this.#value(item, key));
    }
    if (value !== null && typeof value === 'object') {
      // In the order of their names: the order in which a server writes them means nothing, also not for what is seen first.
      const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
      const masked = Object.fromEntries(members.map(([name, item]) => [name, this.#value(item, name)]));
      const lifetime = (new Date(value.expiresAt) - new Date(value.createdAt)) / 1000;
      if (!Number.isNaN(lifetime)) masked.expiresAt += ` ${Math.round(lifetime)} s after createdAt`;
      return masked;
    }
    if (typeof value !== 'string') return value;
    if (ID_KEYS.has(key) && value !== '') return this.#alias('id', value);
    if (DATE_KEYS.has(key)) return WIRE_DATE.test(value) ? '<date>' : value;
    if (key === 'kid') return this.#alias('key', value);
    if (key === 'token' && JWT.test(value)) return this.#jwt(value);
    if (key === 'token') return this.#token(value);
    if (key === 'x' && /^[\w-]{43}$/.test(value)) return '<32 bytes>';
    return this.#text(value);
  }
}

/**
 * Runs the scenario against a server.
 * @param {string} baseURL
 * @param {string} [configuration] a name of `configurations.js`
 * @returns {Promise<ReturnType<Masks['step']>[]>}
 */
export async function transcribe(baseURL, configuration = 'usual') {
  const { runScenario } = await import('./scenario.js');
  const run = Math.random().toString(36).slice(2, 10).padEnd(8, '0');
  const steps = await runScenario({ baseURL, run, configuration });
  const { origin, host } = new URL(baseURL);
  const masks = new Masks({ [encodeURIComponent(origin)]: '<origin, encoded>', [origin]: '<origin>', [host]: '<host>', [run]: '<run>' });
  return steps.map((step) => masks.step(step));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { startReference } = await import('./reference-server.js');
  const { startSubject, TRUSTED_ORIGINS } = await import('./subject.js');
  const [server, configuration] = process.argv.slice(2);
  const trustedOrigins = TRUSTED_ORIGINS;
  const { baseURL, close } = await (server === 'subject' ? startSubject(configuration) : startReference({ trustedOrigins, configuration }));
  try {
    console.log(JSON.stringify(await transcribe(baseURL, configuration), null, 2));
  } finally {
    await close();
  }
}
