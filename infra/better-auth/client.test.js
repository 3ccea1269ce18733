/**
 * The official client against our backend, in a browser that enforces CORS; and both dialects over one user.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { Browser, USER_AGENT } from './browser.js';
import { assertNoCredential, bare, bearer, cookieName, newClient, newEmail, newUser, PASSWORD, withUseSession } from './fixtures.js';
import { PAGE, startSubject } from './subject.js';

const DAY = 86_400;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WIRE_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let subject;
let baseURL;
let send;

before(async () => {
  subject = await startSubject();
  baseURL = subject.baseURL;
  send = bare(baseURL);
});

after(() => subject?.close());

const secondsBetween = (from, to) => (to - from) / 1000;
const isNear = (actual, expected) => assert.ok(Math.abs(actual - expected) <= 2, `${actual} is not ${expected}`);

describe('users and sessions', () => {
  test('sign-up gives a user with real dates, and signs in', async () => {
    const { client, email, id } = await newUser(baseURL);
    const { data, error } = await client.getSession();
    assert.equal(error, null);
    assert.deepEqual(Object.keys(data.user).sort(), ['createdAt', 'email', 'emailVerified', 'id', 'image', 'name', 'updatedAt']);
    assert.deepEqual(Object.keys(data.session).sort(), [
      'createdAt',
      'expiresAt',
      'id',
      'ipAddress',
      'token',
      'updatedAt',
      'userAgent',
      'userId',
    ]);
    assert.deepEqual(
      { id: data.user.id, name: data.user.name, email: data.user.email, emailVerified: data.user.emailVerified, image: data.user.image },
      { id, name: 'Ann', email, emailVerified: false, image: null },
    );
    assert.equal(data.session.userId, id);
    assert.equal(data.session.userAgent, USER_AGENT);
    assert.equal(typeof data.session.ipAddress, 'string');
    assert.match(id, UUID);
    assert.match(data.session.id, UUID);
    for (const date of [data.user.createdAt, data.user.updatedAt, data.session.createdAt, data.session.updatedAt, data.session.expiresAt])
      assert.ok(date instanceof Date && !Number.isNaN(date.getTime()), String(date));
    isNear(secondsBetween(data.session.createdAt, data.session.expiresAt), 7 * DAY);
    isNear(secondsBetween(data.session.createdAt, Date.now()), 0);
  });

  test('dates have three fraction digits on the wire', async () => {
    const { token } = await newUser(baseURL);
    const { json } = await send('/api/auth/get-session', { headers: bearer(token) });
    for (const date of [json.user.createdAt, json.user.updatedAt, json.session.createdAt, json.session.updatedAt, json.session.expiresAt])
      assert.match(date, WIRE_DATE);
  });

  test('nobody is signed in without a cookie: null data and no error', async () => {
    const { data, error } = await newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL).getSession();
    assert.equal(data, null);
    assert.equal(error, null);
  });

  test('one of many sign-ups at once gets the address', async () => {
    const email = newEmail();
    const json = { name: 'Ann', email, password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('/api/auth/sign-up/email', { method: 'POST', json })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422, 422, 422, 422, 422, 422, 422]);
    for (const { status, json: body } of answers) if (status === 422) assert.equal(body.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
  });

  test('signing in again gives another session, in the same form', async () => {
    const { email, token } = await newUser(baseURL);
    const { data } = await newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL).signIn.email({ email, password: PASSWORD });
    assert.notEqual(data.token, token);
    assert.equal(data.redirect, false);
    assert.ok(!('url' in data));
  });

  test('an update shows everywhere and moves updatedAt', async () => {
    const { client, token } = await newUser(baseURL);
    const { data: before } = await client.getSession();
    assert.equal((await client.updateUser({ name: 'Bea', image: 'https://img.example/b.png' })).data.status, true);
    const { data } = await client.getSession();
    assert.equal(data.user.name, 'Bea');
    assert.equal(data.user.image, 'https://img.example/b.png');
    assert.ok(data.user.updatedAt > before.user.updatedAt);
    assert.deepEqual(data.user.createdAt, before.user.createdAt);
    assert.equal(data.session.token, token);
    assert.equal((await send('/api/auth/me', { headers: bearer(token) })).json.name, 'Bea');
    await client.updateUser({ image: null });
    assert.equal((await client.getSession()).data.user.image, null);
  });

  test('useSession follows sign-up, update and sign-out', async () => {
    const client = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    await withUseSession(client, async ({ until }) => {
      await until(({ isPending, data }) => !isPending && data === null);
      await client.signUp.email({ name: 'Store', email: newEmail(), password: PASSWORD });
      await until(({ data }) => data?.user.name === 'Store' && data.session.expiresAt instanceof Date);
      await client.updateUser({ name: 'Restored' });
      await until(({ data }) => data?.user.name === 'Restored');
      await client.signOut();
      assert.equal((await until(({ data }) => data === null)).error, null);
    });
  });
});

describe('cookies', () => {
  const expectedAttributes = () => `Path=/; HttpOnly; ${baseURL.startsWith('https:') ? 'Secure; ' : ''}SameSite=Lax`;

  test('the session cookie is the token, for a week, out of reach of scripts and other sites', async () => {
    const { setCookie, json } = await send('/api/auth/sign-up/email', {
      method: 'POST',
      json: { name: 'Ann', email: newEmail(), password: PASSWORD },
    });
    assert.deepEqual(setCookie, [`${cookieName(baseURL)}=${json.token}; Max-Age=${7 * DAY}; ${expectedAttributes()}`]);
  });

  test('a remembered session survives the browser', async () => {
    const { browser, client, id } = await newUser(baseURL);
    await browser.restart();
    assert.equal((await client.getSession()).data.user.id, id);
  });

  test('one that is not remembered ends with the browser, and after a day', async () => {
    const { email } = await newUser(baseURL);
    const browser = new Browser({ baseURL, page: PAGE, cors: true });
    const client = newClient(browser, baseURL);
    await client.signIn.email({ email, password: PASSWORD, rememberMe: false });
    const { [cookieName(baseURL)]: cookie } = await browser.cookies();
    assert.equal(cookie.maxAge, null);
    assert.equal(cookie.expires, 'Infinity');
    const { data } = await client.getSession();
    isNear(secondsBetween(data.session.createdAt, data.session.expiresAt), DAY);
    await browser.restart();
    assert.equal((await client.getSession()).data, null);
  });

  test('sign-out takes every cookie away', async () => {
    const { browser, client } = await newUser(baseURL);
    assert.deepEqual((await client.signOut()).data, { success: true });
    assert.deepEqual(await browser.cookies(), {});
  });

  test('a dead cookie is taken away', async () => {
    const { browser, client, email } = await newUser(baseURL);
    const other = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    await other.signIn.email({ email, password: PASSWORD });
    await other.revokeSessions();
    assert.equal((await client.getSession()).data, null);
    assert.deepEqual(await browser.cookies(), {});
  });
});

describe('revocation', () => {
  async function devices() {
    const first = await newUser(baseURL);
    const second = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    const third = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    for (const device of [second, third]) assert.equal((await device.signIn.email({ email: first.email, password: PASSWORD })).error, null);
    return { first, second, third };
  }
  const isAlive = async (client) => (await client.getSession()).data !== null;

  test('of one session ends that one', async () => {
    const { first, second, third } = await devices();
    const { data: session } = await second.getSession();
    assert.equal((await first.client.listSessions()).data.length, 3);
    assert.deepEqual((await first.client.revokeSession({ token: session.session.token })).data, { status: true });
    assert.deepEqual([await isAlive(first.client), await isAlive(second), await isAlive(third)], [true, false, true]);
    assert.equal((await first.client.listSessions()).data.length, 2);
  });

  test('of the others leaves the own', async () => {
    const { first, second, third } = await devices();
    assert.deepEqual((await second.revokeOtherSessions()).data, { status: true });
    assert.deepEqual([await isAlive(first.client), await isAlive(second), await isAlive(third)], [false, true, false]);
  });

  test('of all leaves none', async () => {
    const { first, second, third } = await devices();
    assert.deepEqual((await third.revokeSessions()).data, { status: true });
    assert.deepEqual([await isAlive(first.client), await isAlive(second), await isAlive(third)], [false, false, false]);
  });

  test('of another user’s session does nothing', async () => {
    const [victim, attacker] = [await newUser(baseURL), await newUser(baseURL)];
    assert.deepEqual((await attacker.client.revokeSession({ token: victim.token })).data, { status: true });
    assert.ok(await isAlive(attacker.client));
    assert.deepEqual((await attacker.client.revokeOtherSessions()).data, { status: true });
    assert.deepEqual((await attacker.client.revokeSessions()).data, { status: true });
    assert.ok(await isAlive(victim.client));
  });

  test('a password change with revocation ends all and begins one', async () => {
    const { first, second, third } = await devices();
    const { data } = await first.client.changePassword({
      currentPassword: PASSWORD,
      newPassword: 'another horse battery',
      revokeOtherSessions: true,
    });
    assert.notEqual(data.token, first.token);
    assert.deepEqual([await isAlive(first.client), await isAlive(second), await isAlive(third)], [true, false, false]);
    assert.equal((await send('/api/auth/get-session', { headers: bearer(first.token) })).json, null);
    assert.equal((await send('/api/auth/login', { method: 'POST', json: { email: first.email, password: PASSWORD } })).status, 401);
    assert.equal(
      (await send('/api/auth/login', { method: 'POST', json: { email: first.email, password: 'another horse battery' } })).status,
      200,
    );
  });

  test('a password change without it ends none', async () => {
    const { first, second, third } = await devices();
    assert.equal((await first.client.changePassword({ currentPassword: PASSWORD, newPassword: 'another horse battery' })).data.token, null);
    assert.deepEqual([await isAlive(first.client), await isAlive(second), await isAlive(third)], [true, true, true]);
  });
});

describe('bearer tokens', () => {
  test('what set-auth-token gives works to the end', async () => {
    const { email } = await newUser(baseURL);
    let stored;
    const signingIn = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL, {
      credentials: 'omit',
      onSuccess: ({ response }) => (stored ??= response.headers.get('set-auth-token')),
    });
    await signingIn.signIn.email({ email, password: PASSWORD });
    assert.ok(stored, 'set-auth-token can be read by a page of another origin');
    const browser = new Browser({ baseURL, page: PAGE, cors: true });
    const client = newClient(browser, baseURL, { credentials: 'omit', auth: { type: 'Bearer', token: () => stored } });
    assert.equal((await client.getSession()).data.session.token, stored);
    assert.deepEqual((await client.updateUser({ name: 'Bearer' })).data, { status: true });
    assert.equal((await client.listSessions()).data.length, 2);
    assert.deepEqual(await browser.cookies(), {});
    await client.signOut();
    assert.equal((await client.getSession()).data, null);
  });

  test('need no trusted origin, because no browser sends them by itself', async () => {
    const { token } = await newUser(baseURL);
    const answer = await send('/api/auth/update-user', {
      method: 'POST',
      json: { name: 'Elsewhere' },
      headers: bearer(token),
      origin: 'https://evil.example',
    });
    assert.equal(answer.status, 200);
  });
});

describe('JWT', () => {
  test('from /token is verified by the published keys', async () => {
    const { client, id, email } = await newUser(baseURL);
    const { data: session } = await client.getSession();
    const { data } = await client.token();
    const { data: jwks } = await client.jwks();
    assert.ok(
      jwks.keys.every((key) => key.d === undefined),
      'no private key is published',
    );
    for (const keys of [createLocalJWKSet(jwks), createRemoteJWKSet(new URL('/api/auth/jwks', baseURL))]) {
      const { payload, protectedHeader } = await jwtVerify(data.token, keys, {
        issuer: baseURL,
        audience: baseURL,
        subject: id,
        algorithms: ['EdDSA'],
      });
      assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid']);
      assert.equal(payload.exp - payload.iat, 900);
      isNear(payload.iat, Date.now() / 1000);
      assert.equal(payload.sid, session.session.id);
      assert.deepEqual(
        { id: payload.id, email: payload.email, name: payload.name, emailVerified: payload.emailVerified, image: payload.image },
        { id, email, name: 'Ann', emailVerified: false, image: null },
      );
      assert.match(payload.createdAt, WIRE_DATE);
      assert.match(payload.updatedAt, WIRE_DATE);
    }
  });

  test('comes with every session, readable by a page of another origin', async () => {
    const { client, id } = await newUser(baseURL);
    let jwt;
    await client.getSession({ fetchOptions: { onSuccess: ({ response }) => (jwt = response.headers.get('set-auth-jwt')) } });
    const keys = createLocalJWKSet((await client.jwks()).data);
    assert.equal((await jwtVerify(jwt, keys, { issuer: baseURL, audience: baseURL })).payload.sub, id);
  });

  test('of the plain dialect is verified by the same keys', async () => {
    const { email, id, client } = await newUser(baseURL);
    const { json } = await send('/api/auth/login', { method: 'POST', json: { email, password: PASSWORD } });
    const keys = createLocalJWKSet((await client.jwks()).data);
    const { payload } = await jwtVerify(json.access_token, keys, { subject: id, algorithms: ['EdDSA'] });
    assert.equal(payload.email, email);
    assert.equal(decodeProtectedHeader(json.access_token).alg, 'EdDSA');
  });
});

describe('origins', () => {
  test('a page of a foreign origin reads nothing and changes nothing', async () => {
    const { cookie, client } = await newUser(baseURL);
    const foreign = newClient(new Browser({ baseURL, page: 'http://127.0.0.1:6666', cors: true }), baseURL);
    await assert.rejects(foreign.getSession(), /Failed to fetch/);
    const answer = await send('/api/auth/update-user', {
      method: 'POST',
      json: { name: 'Foreign' },
      cookies: cookie,
      origin: 'http://127.0.0.1:6666',
    });
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.json, { message: 'Invalid origin', code: 'INVALID_ORIGIN' });
    assert.equal((await client.getSession()).data.user.name, 'Ann');
  });

  test('answers to a trusted page name it, never everybody', async () => {
    const answer = await send('/api/auth/get-session', { origin: PAGE });
    assert.equal(answer.headers['access-control-allow-origin'], PAGE);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.match(answer.headers.vary ?? '', /origin/i);
    const foreign = await send('/api/auth/get-session', { origin: 'https://evil.example' });
    assert.equal(foreign.headers['access-control-allow-origin'], undefined);
  });
});

describe('across dialects', () => {
  test('a user of the Better Auth dialect signs in through the plain one', async () => {
    const { email, id } = await newUser(baseURL);
    const login = await send('/api/auth/login', { method: 'POST', json: { email, password: PASSWORD } });
    assert.equal(login.status, 200);
    assert.deepEqual(login.json.user, { id, email, name: 'Ann' });
    assert.equal(login.json.token_type, 'bearer');
    const again = await send('/api/auth/signup', { method: 'POST', json: { email, password: PASSWORD } });
    assert.equal(again.status, 400);
    assert.equal(again.json.detail, 'Email already registered');
  });

  test('a user of the plain dialect signs in through the Better Auth one', async () => {
    const email = newEmail();
    const signup = await send('/api/auth/signup', { method: 'POST', json: { email, password: PASSWORD, name: 'Plain' } });
    assert.equal(signup.status, 201);
    const client = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    const { data } = await client.signIn.email({ email, password: PASSWORD });
    assert.deepEqual({ id: data.user.id, email: data.user.email, name: data.user.name }, signup.json.user);
    assert.equal((await client.getSession()).data.user.id, signup.json.user.id);
    assert.equal((await client.listSessions()).data.length, 2, 'the sign-up of the plain dialect began a session too');
    const { data: accounts } = await client.listAccounts();
    assert.deepEqual(
      accounts.map(({ providerId, accountId }) => ({ providerId, accountId })),
      [{ providerId: 'credential', accountId: signup.json.user.id }],
    );
    const taken = await send('/api/auth/sign-up/email', { method: 'POST', json: { name: 'Again', email, password: PASSWORD } });
    assert.equal(taken.json.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
  });

  /** Every credential of one session of the Better Auth dialect, as request options. */
  async function credentials({ client, token, cookie }) {
    const { data } = await client.token();
    return {
      'session token': { headers: bearer(token) },
      'JWT of /token': { headers: bearer(data.token) },
      cookie: { cookies: cookie, origin: PAGE },
    };
  }

  test('an access token is a bearer of the Better Auth dialect, and ends by its sign-out', async () => {
    const { email, id } = await newUser(baseURL);
    const { json } = await send('/api/auth/login', { method: 'POST', json: { email, password: PASSWORD } });
    const headers = bearer(json.access_token);
    assert.equal((await send(`/api/${id}/tasks`, { headers })).status, 200);
    assert.equal((await send('/api/auth/get-session', { headers })).json.user.id, id);
    assert.deepEqual((await send('/api/auth/sign-out', { method: 'POST', json: {}, headers })).json, { success: true });
    assertNoCredential(await send(`/api/${id}/tasks`, { headers }));
    assertNoCredential(await send('/api/auth/me', { headers }));
  });

  test('revocation by another device ends every credential of the session', async () => {
    const user = await newUser(baseURL);
    const all = await credentials(user);
    const other = newClient(new Browser({ baseURL, page: PAGE, cors: true }), baseURL);
    await other.signIn.email({ email: user.email, password: PASSWORD });
    await other.revokeOtherSessions();
    for (const options of Object.values(all)) assertNoCredential(await send(`/api/${user.id}/tasks`, options));
    assert.notEqual((await other.getSession()).data, null);
  });

  test('the cookie changes tasks for every trusted page', async () => {
    const { id, cookie } = await newUser(baseURL);
    for (const origin of [PAGE, baseURL, 'https://app.example.net', 'https://a.example.com']) {
      const { status } = await send(`/api/${id}/tasks`, { method: 'POST', json: { title: 'x' }, cookies: cookie, origin });
      assert.equal(status, 201, origin);
    }
  });
});
