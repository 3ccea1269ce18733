/**
 * What an attacker would try on the way in, against our backend.
 */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.js';
import { assertNoCredential, bare, bearer, cookieName, newClient, newEmail, newUser, PASSWORD } from './fixtures.js';
import { mailsWithLink } from './mailbox.js';
import { PAGE, startSubject } from './subject.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let subject;
let baseURL;
let send;

before(async () => {
  subject = await startSubject();
  baseURL = subject.baseURL;
  send = bare(baseURL);
});

after(() => subject?.close());

/** Runs in small groups, so that thousands of requests neither take minutes nor open thousands of connections. */
async function forAll(items, action) {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await action(item);
    }),
  );
}

describe('session fixation', () => {
  const plantedBrowser = async (value) => {
    const browser = new Browser({ baseURL, page: PAGE });
    await browser.plant(cookieName(baseURL), value);
    return browser;
  };

  test('a made-up cookie never becomes the session', async () => {
    const { email } = await newUser(baseURL);
    for (const value of ['attacker', 'A'.repeat(91), 'a.b.c', '%00', '..']) {
      const client = newClient(await plantedBrowser(value), baseURL);
      const { data } = await client.signIn.email({ email, password: PASSWORD });
      assert.notEqual(data.token, value);
      assert.equal((await client.getSession()).data.session.token, data.token);
      assert.equal((await send('/api/auth/get-session', { cookies: `${cookieName(baseURL)}=${value}` })).json, null);
    }
  });

  test('the attacker’s own session does not become the victim’s', async () => {
    const [attacker, victim] = [await newUser(baseURL), await newUser(baseURL)];
    const client = newClient(await plantedBrowser(attacker.token), baseURL);
    const { data } = await client.signIn.email({ email: victim.email, password: PASSWORD });
    assert.notEqual(data.token, attacker.token);
    assert.equal((await client.getSession()).data.user.id, victim.id);
    assert.equal((await attacker.client.getSession()).data.user.id, attacker.id);
  });

  test('nor at sign-up', async () => {
    const attacker = await newUser(baseURL);
    const client = newClient(await plantedBrowser(attacker.token), baseURL);
    const { data } = await client.signUp.email({ name: 'Victim', email: newEmail(), password: PASSWORD });
    assert.notEqual(data.token, attacker.token);
    assert.equal((await attacker.client.getSession()).data.user.id, attacker.id);
  });

  test('a session that was signed out does not come back by signing in', async () => {
    const { client, email, token } = await newUser(baseURL);
    await client.signOut();
    await client.signIn.email({ email, password: PASSWORD });
    assert.equal((await send('/api/auth/get-session', { headers: bearer(token) })).json, null);
  });
});

describe('forged session tokens', () => {
  let victim;
  let other;

  before(async () => {
    [victim, other] = [await newUser(baseURL), await newUser(baseURL)];
  });

  /** Neither dialect takes it, as cookie or as bearer. */
  async function assertRefused(token) {
    const [asCookie, asBearer, ofPlain] = await Promise.all([
      send('/api/auth/get-session', { cookies: `${cookieName(baseURL)}=${token}` }),
      send('/api/auth/get-session', { headers: bearer(token) }),
      send(`/api/${victim.id}/tasks`, { headers: bearer(token) }),
    ]);
    assert.deepEqual([asCookie.status, asCookie.body], [200, 'null'], `cookie ${token}`);
    assert.deepEqual([asBearer.status, asBearer.body], [200, 'null'], `bearer ${token}`);
    assertNoCredential(ofPlain);
  }

  test('truncated to every length', async () => {
    await forAll(
      Array.from(victim.token, (_, length) => victim.token.slice(0, length)),
      assertRefused,
    );
  });

  test('without its beginning, at every length', async () => {
    await forAll(
      Array.from(victim.token, (_, length) => victim.token.slice(length + 1)),
      assertRefused,
    );
  });

  test('with every character changed', async () => {
    await forAll(
      Array.from(victim.token, (character, index) => {
        const changed = ALPHABET[(ALPHABET.indexOf(character) + 1) % ALPHABET.length];
        return victim.token.slice(0, index) + changed + victim.token.slice(index + 1);
      }),
      assertRefused,
    );
  });

  test('with every other last character: unused bits of base64 count too', async () => {
    const others = [...ALPHABET].filter((character) => character !== victim.token.at(-1));
    await forAll(
      others.map((character) => victim.token.slice(0, -1) + character),
      assertRefused,
    );
  });

  test('with something behind or before', async () => {
    const { token } = victim;
    const dotted = ['.', `.${'A'.repeat(43)}=`, '.x'].map((behind) => token + behind);
    await forAll(
      [`${token}A`, `${token}=`, `${token}==`, token + token, `A${token}`, `${token}%00`, `${token}%0A`, ...dotted],
      assertRefused,
    );
  });

  test('in the other alphabet of base64', async () => {
    const standard = victim.token.replaceAll('-', '+').replaceAll('_', '/');
    if (standard !== victim.token) await assertRefused(encodeURIComponent(standard));
    await assertRefused(Buffer.from(victim.token, 'base64url').toString('hex'));
  });

  test('the two halves of two tokens, cut anywhere', async () => {
    const spliced = Array.from(victim.token, (_, index) => other.token.slice(0, index) + victim.token.slice(index));
    await forAll(
      spliced.filter((token) => token !== victim.token && token !== other.token),
      assertRefused,
    );
  });

  test('an id or nothing in its place', async () => {
    const { data } = await victim.client.getSession();
    await forAll([victim.id, data.session.id, victim.email, 'null', 'undefined', '0', '-1', 'true', '*', '{}', '[]'], assertRefused);
  });

  test('the real one still works', async () => {
    assert.equal((await send('/api/auth/get-session', { headers: bearer(victim.token) })).json.user.id, victim.id);
  });
});

describe('forged JWTs', () => {
  let victim;
  let jwt;
  let header;
  let payload;
  let jwk;

  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

  before(async () => {
    victim = await newUser(baseURL);
    jwt = (await victim.client.token()).data.token;
    [header, payload] = jwt.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
    [jwk] = (await victim.client.jwks()).data.keys;
  });

  /** A JWT that is not accepted is no credential: in the Better Auth dialect it is as if it were not there. */
  async function assertRefused(token) {
    const [ofBetterAuth, ofPlain] = await Promise.all([
      send('/api/auth/get-session', { headers: bearer(token) }),
      send(`/api/${victim.id}/tasks`, { headers: bearer(token) }),
    ]);
    assert.deepEqual([ofBetterAuth.status, ofBetterAuth.body], [200, 'null'], token);
    assertNoCredential(ofPlain);
  }

  test('the real one works', async () => {
    assert.equal((await send(`/api/${victim.id}/tasks`, { headers: bearer(jwt) })).status, 200);
  });

  test('without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'EdDSA', '', null]) {
      await assertRefused(`${encode({ ...header, alg })}.${encode(payload)}.`);
      await assertRefused(`${encode({ ...header, alg })}.${encode(payload)}`);
      await assertRefused(`${encode({ ...header, alg })}.${encode(payload)}.${jwt.split('.')[2]}x`);
    }
  });

  test('signed by HMAC under what is public', async () => {
    for (const secret of [jwk.x, Buffer.from(jwk.x, 'base64url'), JSON.stringify(jwk), jwk.kid, '']) {
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const body = `${encode({ ...header, alg })}.${encode(payload)}`;
        await assertRefused(
          `${body}.${createHmac(`sha${alg.slice(2)}`, secret)
            .update(body)
            .digest('base64url')}`,
        );
      }
    }
  });

  test('signed by a key of the attacker, named as ours or brought along', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const own = publicKey.export({ format: 'jwk' });
    for (const forged of [
      header,
      { ...header, jwk: own },
      { ...header, kid: 'attacker' },
      { ...header, jku: 'https://evil.example/jwks' },
      { alg: 'EdDSA' },
    ]) {
      const body = `${encode(forged)}.${encode(payload)}`;
      await assertRefused(`${body}.${sign(null, Buffer.from(body), privateKey).toString('base64url')}`);
    }
  });

  test('with other claims under the same signature', async () => {
    const other = await newUser(baseURL);
    for (const claims of [{ sub: other.id, id: other.id }, { exp: payload.exp + 86_400 }, { sid: 'x' }, { aud: 'https://evil.example' }]) {
      await assertRefused(`${encode(header)}.${encode({ ...payload, ...claims })}.${jwt.split('.')[2]}`);
    }
  });

  test('truncated to every length', async () => {
    await forAll(
      Array.from(jwt, (_, length) => jwt.slice(0, length)),
      assertRefused,
    );
  });

  test('with every other last character', async () => {
    const others = [...ALPHABET].filter((character) => character !== jwt.at(-1));
    await forAll(
      others.map((character) => jwt.slice(0, -1) + character),
      assertRefused,
    );
  });
});

describe('cookie tossing', () => {
  test('of two cookies of one name the first that verifies counts, whichever it is', async () => {
    const [first, second] = [await newUser(baseURL), await newUser(baseURL)];
    const who = async (cookies) => (await send('/api/auth/get-session', { cookies })).json?.user.id;
    const garbage = `${cookieName(baseURL)}=garbage`;
    for (const separator of ['; ', ';']) {
      assert.equal(await who([first.cookie, second.cookie].join(separator)), first.id);
      assert.equal(await who([second.cookie, first.cookie].join(separator)), second.id);
      assert.equal(await who([first.cookie, garbage].join(separator)), first.id);
      assert.equal(await who([garbage, first.cookie].join(separator)), first.id);
      assert.equal(await who([garbage, garbage].join(separator)), undefined);
    }
  });

  test('the tasks follow the same cookie as the session', async () => {
    const [first, second] = [await newUser(baseURL), await newUser(baseURL)];
    const read = async (id, cookies) => (await send(`/api/${id}/tasks`, { cookies })).status;
    assert.equal(await read(first.id, `${first.cookie}; ${second.cookie}`), 200);
    assert.equal(await read(second.id, `${first.cookie}; ${second.cookie}`), 403);
    assert.equal(await read(first.id, `${second.cookie}; ${first.cookie}`), 403);
  });

  test('names that only look like ours do not count', async () => {
    const { token } = await newUser(baseURL);
    const name = cookieName(baseURL);
    const lookalikes = [
      name.toUpperCase(),
      `${name}_`,
      `_${name}`,
      `__Host-${name}`,
      name.startsWith('__Secure-') ? name.slice(9) : `__Secure-${name}`,
      name.replace('.', '_'),
      'session_token',
    ];
    for (const lookalike of lookalikes)
      assert.equal((await send('/api/auth/get-session', { cookies: `${lookalike}=${token}` })).json, null, lookalike);
  });

  test('a bearer decides over a cookie, so a tossed cookie cannot take its place', async () => {
    const [bearerUser, cookieUser] = [await newUser(baseURL), await newUser(baseURL)];
    const { json } = await send('/api/auth/get-session', { cookies: cookieUser.cookie, headers: bearer(bearerUser.token) });
    assert.equal(json.user.id, bearerUser.id);
  });
});

describe('CSRF', () => {
  const bodies = (fields) => ({
    json: { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } },
    'JSON as text': { body: JSON.stringify(fields), headers: { 'content-type': 'text/plain' } },
    'JSON in a form': { body: `${JSON.stringify({ ...fields, x: '' }).slice(0, -2)}=x"}`, headers: { 'content-type': 'text/plain' } },
    form: { body: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    multipart: {
      body: `${Object.entries(fields)
        .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
        .join('')}--x--\r\n`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    },
    'no type': { body: JSON.stringify(fields), headers: {} },
    'no body': { headers: {} },
  });
  const senders = {
    'no origin': {},
    'null origin': { origin: 'null' },
    'foreign origin': { origin: 'https://evil.example' },
    'lookalike origin': { origin: `${PAGE}.evil.example` },
    'foreign referer': { referer: 'https://evil.example/attack' },
    'our page in a foreign referer': { referer: `https://evil.example/?from=${PAGE}/` },
    'foreign origin, our referer': { origin: 'https://evil.example', referer: `${PAGE}/` },
    'null origin, our referer': { origin: 'null', referer: `${PAGE}/` },
  };
  const metadata = {
    none: 'none',
    'cross-site form': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    'script of a sibling site': { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' },
    'fetch of a sibling site': { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  };

  function* attempts(fields) {
    for (const [bodyName, body] of Object.entries(bodies(fields))) {
      for (const [senderName, { origin = 'none', referer }] of Object.entries(senders)) {
        for (const [metadataName, sent] of Object.entries(metadata)) {
          const headers = { ...body.headers, ...(referer && { referer }) };
          yield {
            name: `${bodyName}, ${senderName}, ${metadataName}`,
            options: { method: 'POST', body: body.body, headers, origin, metadata: sent },
          };
        }
      }
    }
  }

  for (const [path, fields] of Object.entries({
    '/api/auth/sign-out': {},
    '/api/auth/logout': {},
    '/api/auth/update-user': { name: 'Attacked' },
    '/api/auth/change-password': { currentPassword: PASSWORD, newPassword: 'attacked password' },
    '/api/auth/revoke-sessions': {},
    '/api/auth/revoke-other-sessions': {},
    '/api/auth/change-email': { newEmail: 'attacker@example.com' },
    '/api/auth/delete-user': { password: PASSWORD },
  })) {
    test(`with the victim’s cookie: POST ${path}`, async () => {
      const { cookie, client, email, id } = await newUser(baseURL);
      await newClient(new Browser({ baseURL, page: PAGE }), baseURL).signIn.email({ email, password: PASSWORD });
      await forAll(attempts(fields), async ({ name, options }) => {
        const { status, setCookie } = await send(path, { ...options, cookies: cookie });
        assert.ok(status >= 400 && status < 500, `${name}: ${status}`);
        assert.deepEqual(setCookie, [], name);
      });
      const { data } = await client.getSession();
      assert.equal(data?.user.id, id, 'the session lives');
      assert.equal(data.user.name, 'Ann');
      assert.equal((await client.listSessions()).data.length, 2);
      assert.equal((await client.verifyPassword({ password: PASSWORD })).data.status, true);
    });
  }

  test('with the victim’s cookie: tasks', async () => {
    const { cookie, id, token } = await newUser(baseURL);
    const tasks = `/api/${id}/tasks`;
    const { json: task } = await send(tasks, { method: 'POST', json: { title: 'mine' }, headers: bearer(token) });
    await forAll(attempts({ title: 'attacked' }), async ({ name, options }) => {
      for (const [method, path] of [
        ['POST', tasks],
        ['PUT', `${tasks}/${task.id}`],
        ['PATCH', `${tasks}/${task.id}/complete`],
        ['DELETE', `${tasks}/${task.id}`],
      ]) {
        const { status } = await send(path, { ...options, method, cookies: cookie });
        assert.ok(status >= 400 && status < 500, `${method} ${name}: ${status}`);
      }
    });
    assert.deepEqual((await send(tasks, { headers: bearer(token) })).json, [task]);
  });

  test('signing the victim in as the attacker', async () => {
    const attacker = await newUser(baseURL);
    await forAll(attempts({ email: attacker.email, password: PASSWORD }), async ({ name, options }) => {
      // Neither origin, referer nor metadata, and no cookie: no browser sends that. It is how programs sign in.
      if (options.origin === 'none' && options.headers.referer === undefined && options.metadata === 'none') return;
      const { status, setCookie } = await send('/api/auth/sign-in/email', options);
      assert.ok(status >= 400 && status < 500, `${name}: ${status}`);
      assert.deepEqual(setCookie, [], name);
    });
  });

  test('signing the victim up by the attacker', async () => {
    await forAll(attempts({ name: 'x', email: newEmail(), password: PASSWORD }), async ({ name, options }) => {
      if (options.origin === 'none' && options.headers.referer === undefined && options.metadata === 'none') return;
      const { status, setCookie } = await send('/api/auth/sign-up/email', options);
      assert.ok(status >= 400 && status < 500, `${name}: ${status}`);
      assert.deepEqual(setCookie, [], name);
    });
  });

  test('reads change nothing: no state-changing route answers to GET', async () => {
    const { cookie, client } = await newUser(baseURL);
    for (const path of [
      'sign-out',
      'logout',
      'revoke-sessions',
      'revoke-other-sessions',
      'revoke-session?token=x',
      'update-user?name=x',
      'change-password',
      'sign-in/email',
      'sign-up/email',
      'request-password-reset?email=x',
      'reset-password?token=x',
      'send-verification-email?email=x',
      'change-email?newEmail=x',
      'delete-user',
      'update-session',
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const { status, setCookie } = await send(`/api/auth/${path}`, { method, cookies: cookie });
        assert.ok(status === 404 || status === 405, `${method} ${path}: ${status}`);
        assert.deepEqual(setCookie, []);
      }
    }
    assert.notEqual((await client.getSession()).data, null);
  });
});

describe('open redirects', () => {
  const refused = [
    'https://evil.example',
    'http://evil.example',
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' https://evil.example',
    '/%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    'relative',
    '.evil.example',
    '@evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'HtTpS://evil.example',
    `${PAGE}@evil.example`,
    `${PAGE}:x@evil.example/`,
    `${PAGE}.evil.example`,
    `${PAGE}0/`,
    'https://a.example.com@evil.example',
    'https://a.example.com.evil.example',
    'https://evil.example/.example.com',
    'https://evil.example?.example.com',
    'https://evil.example#.example.com',
    'https://evil.example\\.example.com',
    'https://evil.example%2f.example.com',
    'https://evil.example%23.example.com',
    'https://example.com',
    'https://a.b.example.com',
    'http://a.example.com',
    'https://a.example.com:8443',
    'https://app.example.net:444',
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://a.example.com',
    'ws://a.example.com',
    'myapp://x',
    'mailto:x@a.example.com',
    'blob:https://a.example.com/x',
  ];

  test('every refused target, wherever it may stand', async () => {
    const { email } = await newUser(baseURL);
    await forAll(refused, async (target) => {
      for (const [field, code] of [
        ['callbackURL', 'INVALID_CALLBACK_URL'],
        ['redirectTo', 'INVALID_REDIRECT_URL'],
        ['errorCallbackURL', 'INVALID_ERROR_CALLBACK_URL'],
        ['newUserCallbackURL', 'INVALID_NEW_USER_CALLBACK_URL'],
      ]) {
        const answer = await send('/api/auth/sign-in/email', { method: 'POST', json: { email, password: PASSWORD, [field]: target } });
        assert.equal(answer.status, 403, `${field} ${target}`);
        assert.equal(answer.json.code, code);
        assert.deepEqual(answer.setCookie, []);
        assert.equal(answer.headers.location, undefined);
      }
      const inQuery = await send(`/api/auth/sign-in/email?callbackURL=${encodeURIComponent(target)}`, {
        method: 'POST',
        json: { email, password: PASSWORD },
      });
      assert.equal(inQuery.status, 403, `query ${target}`);
    });
  });

  test('every refused target, in what is mailed and in the links', async () => {
    const { email, token } = await newUser(baseURL);
    const asked = {
      'request-password-reset': ['redirectTo', { email }],
      'send-verification-email': ['callbackURL', { email }],
      'change-email': ['callbackURL', { newEmail: newEmail() }],
      'delete-user': ['callbackURL', { password: PASSWORD }],
    };
    await forAll(refused, async (target) => {
      for (const [path, [field, json]] of Object.entries(asked)) {
        const answer = await send(`/api/auth/${path}`, { method: 'POST', json: { ...json, [field]: target }, headers: bearer(token) });
        assert.equal(answer.status, 403, `${path} ${target}`);
        assert.match(answer.json.code, /^INVALID_(CALLBACK|REDIRECT)_URL$/);
      }
      const callback = `callbackURL=${encodeURIComponent(target)}`;
      for (const link of [`reset-password/x?${callback}`, `verify-email?token=x&${callback}`, `delete-user/callback?token=x&${callback}`]) {
        const answer = await send(`/api/auth/${link}`, { headers: bearer(token) });
        assert.deepEqual([answer.status, answer.headers.location], [403, undefined], link);
        assert.equal(answer.json.code, 'INVALID_CALLBACK_URL');
      }
    });
    // Mails are sent in the order in which they were asked for: none of those above is before this one.
    await send('/api/auth/request-password-reset', { method: 'POST', json: { email } });
    assert.equal((await mailsWithLink(baseURL, email, 1)).length, 1);
    assert.equal((await send('/api/auth/get-session', { headers: bearer(token) })).json.user.email, email);
  });

  test('every accepted target is given back as it came', async () => {
    const { email } = await newUser(baseURL);
    for (const target of [
      '/',
      '/in',
      '/a/b?c=d&e=https://evil.example#f',
      `${PAGE}/in`,
      `${baseURL}/in`,
      'https://app.example.net/',
      'https://a.example.com/x',
    ]) {
      const answer = await send('/api/auth/sign-in/email', { method: 'POST', json: { email, password: PASSWORD, callbackURL: target } });
      assert.equal(answer.status, 200, target);
      assert.deepEqual([answer.json.redirect, answer.json.url, answer.headers.location], [true, target, target]);
    }
  });

  test('the error page stays on its host and brings no header of its own along', async () => {
    for (const value of [
      '//evil.example',
      'https://evil.example',
      'x\r\nSet-Cookie: a=b',
      '<script>alert(1)</script>',
      '&callbackURL=https://evil.example',
    ]) {
      const answer = await send(`/api/auth/error?error=${encodeURIComponent(value)}&error_description=${encodeURIComponent(value)}`);
      assert.equal(answer.status, 302);
      const location = new URL(answer.headers.location, baseURL);
      assert.equal(location.origin, baseURL);
      assert.equal(location.pathname, '/');
      assert.deepEqual([...location.searchParams.keys()], ['error', 'error_description']);
      assert.equal(location.searchParams.get('error_description'), value);
      assert.deepEqual(answer.setCookie, []);
    }
  });
});

describe('enumeration of users', () => {
  /** Headers of an answer but those that differ by nature. */
  const comparable = ({ headers }) => {
    const { date, 'content-length': _, ...rest } = headers;
    return Object.fromEntries(Object.entries(rest).filter(([name]) => !/request-?id|trace/i.test(name)));
  };

  const attempts = (known) => ({
    'wrong password': { email: known, password: 'wrong password' },
    'unknown user': { email: newEmail(), password: 'wrong password' },
    'empty password': { email: known, password: '' },
  });

  /** The body without what names the request. */
  const comparableBody = ({ json: { request_id: _, ...rest } }) => rest;

  test('says the same whether or not there is such a user', async () => {
    const { email } = await newUser(baseURL);
    const answers = await Promise.all(
      Object.values(attempts(email)).map((json) => send('/api/auth/sign-in/email', { method: 'POST', json })),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 401);
      assert.deepEqual(comparableBody(answer), comparableBody(answers[0]));
      assert.deepEqual(comparable(answer), comparable(answers[0]));
      assert.deepEqual(answer.setCookie, []);
    }
  });

  test('takes the same time', async () => {
    const { email } = await newUser(baseURL);
    const names = Object.keys(attempts(email));
    const samples = Object.fromEntries(names.map((name) => [name, []]));
    const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
    const medians = () => Object.fromEntries(names.map((name) => [name, median(samples[name])]));
    const agree = () => {
      const all = Object.values(medians());
      return Math.max(...all) <= Math.min(...all) * 1.2;
    };
    const WARM_UP = 3;
    const ROUNDS = 25;
    // On a busy machine medians of few rounds differ by chance. More rounds take chance away, and leave what leaks.
    const MOST_ROUNDS = 200;
    for (let round = 0; round < WARM_UP + MOST_ROUNDS; round += 1) {
      const requests = attempts(email);
      // Another order each time, so that what follows what evens out.
      for (let index = 0; index < names.length; index += 1) {
        const name = names[(index + round) % names.length];
        const start = performance.now();
        const { status } = await send('/api/auth/sign-in/email', { method: 'POST', json: requests[name] });
        assert.equal(status, 401);
        if (round >= WARM_UP) samples[name].push(performance.now() - start);
      }
      if (round >= WARM_UP + ROUNDS && agree()) break;
    }
    assert.ok(agree(), `medians in ms: ${JSON.stringify(medians())}`);
  });
});

describe('odd values', () => {
  const values = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    ' ',
    '\u0000',
    '\ufeff',
    'x'.repeat(10_000),
    [],
    {},
    [[]],
    { $ne: null },
    ['a@example.com'],
    '__proto__',
    'ünïcödé',
    '🙂'.repeat(100),
  ];

  test('no value of any field is a fault of the server', async () => {
    const { token, client } = await newUser(baseURL);
    const fields = {
      'sign-up/email': { name: 'Odd', email: 'odd', password: PASSWORD, image: 'x', callbackURL: '/', rememberMe: true },
      'sign-in/email': { email: 'odd', password: 'wrong password', callbackURL: '/', rememberMe: true },
      'update-user': { name: 'Odd', image: 'x', email: '' },
      'revoke-session': { token: 'x' },
      'change-password': { currentPassword: 'x', newPassword: 'new password', revokeOtherSessions: false },
      'verify-password': { password: 'x' },
    };
    await forAll(Object.entries(fields), async ([path, good]) => {
      for (const field of Object.keys(good)) {
        for (const value of values) {
          const { status } = await send(`/api/auth/${path}`, { method: 'POST', json: { ...good, [field]: value }, headers: bearer(token) });
          assert.ok(status < 500, `${path} ${field} ${JSON.stringify(value).slice(0, 40)}: ${status}`);
        }
      }
    });
    assert.notEqual((await client.getSession()).data, null);
  });

  test('no body is a fault of the server', async () => {
    const bodies = [
      '',
      ' ',
      '{',
      '{"a"',
      '[',
      '"',
      'nul',
      '1e999',
      '\ud800',
      '{"a":1}{"b":2}',
      '{"__proto__":{"x":1}}',
      `{"a":${'['.repeat(5000)}`,
      '\u0000',
      'x'.repeat(70_000),
      Buffer.from([0xff, 0xfe, 0xfd]),
    ];
    for (const path of ['sign-up/email', 'sign-in/email', 'sign-out', 'update-user']) {
      for (const body of bodies) {
        for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
          const { status } = await send(`/api/auth/${path}`, { method: 'POST', body, headers: { 'content-type': type } });
          assert.ok(status < 500, `${path} ${type} ${body.toString().slice(0, 20)}: ${status}`);
        }
      }
    }
  });
});
