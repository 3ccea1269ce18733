/**
 * The official client through every flow in which a mail is sent, against our backend: the mails are read from its mailbox over
 * HTTP, and their links are opened as a person opens them, in the browser that the page runs in.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.js';
import { assertNoCredential, bare, bearer, follow, newClient, newEmail, newUser, PASSWORD, withUseSession } from './fixtures.js';
import { mails, mailsWithLink, tokenOf } from './mailbox.js';
import { ONE_CONFIGURATION, PAGE, startSubject } from './subject.js';

const NEW_PASSWORD = 'another horse battery';

/** Runs the tests of a configuration against a server of its own. */
function configured(configuration, tests) {
  describe(`where the server is ${configuration}`, { skip: configuration !== 'usual' && ONE_CONFIGURATION }, () => {
    const server = {};
    let subject;
    before(async () => {
      subject = await startSubject(configuration);
      Object.assign(server, { baseURL: subject.baseURL, send: bare(subject.baseURL) });
    });
    after(() => subject?.close());
    tests(server);
  });
}

const newBrowser = (baseURL) => new Browser({ baseURL, page: PAGE, cors: true });

/** A client in a browser of its own. */
const elsewhere = (baseURL) => newClient(newBrowser(baseURL), baseURL);

/** The result of a call that has to succeed. */
async function done(call) {
  const { data, error } = await call;
  assert.equal(error, null);
  return data;
}

/** The refusal of a call that has to fail. */
async function refused(call) {
  const { data, error } = await call;
  assert.equal(data, null);
  const { status, code, message } = error;
  return { status, code, message };
}

const isSignedIn = async (client) => (await client.getSession()).data !== null;

/** The one mail to an address with this subject. */
async function mailAbout({ baseURL }, to, subject) {
  const found = await mails(baseURL, to, 1, (mail) => mail.subject === subject);
  assert.equal(found.length, 1);
  return found[0];
}

/** The link in the newest of `count` mails to an address, which has it as text and as a button. */
async function link({ baseURL }, to, count = 1) {
  const found = await mailsWithLink(baseURL, to, count);
  assert.equal(found.length, count);
  const { url, text, html } = found.at(-1);
  assert.ok(url.startsWith(`${baseURL}/api/auth/`), url);
  assert.ok(text.includes(url), text);
  assert.ok(html.includes('href='), html);
  return url;
}

/** Every credential that a user can have: a cookie, a session token, its JWT, and an access token of the plain dialect. */
async function credentials({ send }, { client, email, token, cookie }) {
  const jwt = (await done(client.token())).token;
  const { json } = await send('/api/auth/login', { method: 'POST', json: { email, password: PASSWORD } });
  return [{ cookies: cookie, origin: PAGE }, ...[token, jwt, json.access_token].map((bearing) => ({ headers: bearer(bearing) }))];
}

async function assertAllDead({ send }, id, credentials) {
  for (const options of credentials) {
    assertNoCredential(await send(`/api/${id}/tasks`, options));
    assertNoCredential(await send(`/api/${id}/tasks`, { ...options, method: 'POST', json: { title: 'late' } }));
    assert.equal((await send('/api/auth/get-session', options)).json, null);
  }
}

/** A user whose address is proven by the link that was sent at sign-up, and who is signed in by that. */
async function newVerifiedUser(server) {
  const browser = newBrowser(server.baseURL);
  const client = newClient(browser, server.baseURL);
  const email = newEmail();
  await done(client.signUp.email({ name: 'Ann', email, password: PASSWORD }));
  await follow(browser, await link(server, email));
  assert.equal((await done(client.getSession())).user.emailVerified, true);
  return { browser, client, email };
}

configured('usual', (server) => {
  test('who forgot the password gets in by a mail, and nobody else stays', async () => {
    const { baseURL } = server;
    const { client, email, id, ...rest } = await newUser(baseURL);
    const before = await credentials(server, { client, email, ...rest });
    const forgetful = newBrowser(baseURL);
    const page = newClient(forgetful, baseURL);
    await done(page.requestPasswordReset({ email, redirectTo: `${PAGE}/reset-password?from=mail` }));
    const opened = await follow(forgetful, await link(server, email));
    assert.equal(opened.status, 302);
    const { origin, pathname, searchParams } = new URL(opened.headers.location);
    assert.deepEqual([origin, pathname, searchParams.get('from')], [PAGE, '/reset-password', 'mail']);
    assert.deepEqual(await done(page.resetPassword({ newPassword: NEW_PASSWORD, token: searchParams.get('token') })), { status: true });

    await assertAllDead(server, id, before);
    assert.equal(await isSignedIn(client), false);
    assert.equal(await isSignedIn(page), false, 'a reset signs nobody in');
    assert.equal((await refused(page.signIn.email({ email, password: PASSWORD }))).code, 'INVALID_EMAIL_OR_PASSWORD');
    const { user } = await done(page.signIn.email({ email, password: NEW_PASSWORD }));
    assert.deepEqual([user.id, user.emailVerified], [id, true]);
    const told = await mailAbout(server, email, 'Your password was reset');
    assert.equal(told.url, '');
  });

  test('an address is proven by a link, in the browser or by the client', async () => {
    const { baseURL } = server;
    const byLink = await newUser(baseURL);
    await done(byLink.client.sendVerificationEmail({ email: byLink.email, callbackURL: `${PAGE}/welcome` }));
    const opened = await follow(byLink.browser, await link(server, byLink.email));
    assert.deepEqual([opened.status, opened.headers.location], [302, `${PAGE}/welcome`]);
    const { user, session } = await done(byLink.client.getSession());
    assert.deepEqual([user.emailVerified, session.token], [true, byLink.token]);
    assert.equal((await refused(byLink.client.sendVerificationEmail({ email: byLink.email }))).code, 'EMAIL_ALREADY_VERIFIED');

    const byClient = await newUser(baseURL);
    await done(elsewhere(baseURL).sendVerificationEmail({ email: byClient.email }));
    const token = tokenOf(await link(server, byClient.email));
    assert.deepEqual(await done(elsewhere(baseURL).verifyEmail({ query: { token } })), { status: true, user: null });
    assert.equal((await done(byClient.client.getSession())).user.emailVerified, true);
  });

  for (const isVerified of [false, true]) {
    test(`an address that is ${isVerified ? '' : 'not '}proven is changed by a link to the new one, and the former is told`, async () => {
      const { baseURL } = server;
      const { browser, client, email, id, token } = await newUser(baseURL);
      if (isVerified) {
        await done(client.sendVerificationEmail({ email }));
        await follow(browser, await link(server, email));
      }
      const newOne = newEmail();
      assert.deepEqual(await done(client.changeEmail({ newEmail: newOne, callbackURL: '/settings' })), { status: true });
      assert.equal((await done(client.getSession())).user.email, email, 'nothing is changed yet');
      const opened = await follow(browser, await link(server, newOne));
      assert.deepEqual([opened.status, opened.headers.location], [302, '/settings']);
      const { user, session } = await done(client.getSession());
      assert.deepEqual([user.id, user.email, user.emailVerified, session.token], [id, newOne, isVerified, token]);
      const told = await mailAbout(server, email, 'Your address was changed');
      assert.ok(told.text.includes(newOne), told.text);
      assert.equal(told.url, '');
      assert.equal((await refused(elsewhere(baseURL).signIn.email({ email, password: PASSWORD }))).status, 401);
      assert.equal((await done(elsewhere(baseURL).signIn.email({ email: newOne, password: PASSWORD }))).user.id, id);
    });
  }

  for (const [proof, body] of Object.entries({ password: { password: PASSWORD }, 'fresh session': {} })) {
    test(`an account is deleted with a ${proof}: nobody is signed in, and the address begins anew`, async () => {
      const { baseURL, send } = server;
      const { browser, client, email, id, ...rest } = await newUser(baseURL);
      const device = elsewhere(baseURL);
      await done(device.signIn.email({ email, password: PASSWORD }));
      await send(`/api/${id}/tasks`, { method: 'POST', json: { title: 'mine' }, headers: bearer(rest.token) });
      const before = await credentials(server, { client, email, ...rest });
      assert.equal((await refused(client.deleteUser({ password: 'wrong password' }))).code, 'INVALID_PASSWORD');
      assert.deepEqual(await done(client.deleteUser(body)), { success: true, message: 'User deleted' });

      assert.deepEqual(await browser.cookies(), {});
      assert.deepEqual([await isSignedIn(client), await isSignedIn(device)], [false, false]);
      await assertAllDead(server, id, before);
      assert.equal((await refused(device.signIn.email({ email, password: PASSWORD }))).code, 'INVALID_EMAIL_OR_PASSWORD');
      const next = await done(device.signUp.email({ name: 'Next', email, password: NEW_PASSWORD }));
      assert.notEqual(next.user.id, id);
      assert.deepEqual((await send(`/api/${next.user.id}/tasks`, { headers: bearer(next.token) })).json, []);
    });
  }

  test('a session has no fields of its own to change', async () => {
    const { client } = await newUser(server.baseURL);
    const { status, message } = await refused(client.updateSession({ theme: 'dark' }));
    assert.deepEqual([status, message], [400, 'No fields to update']);
  });

  test('useSession follows a change of address and a deletion', async () => {
    const { browser, client } = await newUser(server.baseURL);
    await withUseSession(client, async ({ until }) => {
      const newOne = newEmail();
      await done(client.changeEmail({ newEmail: newOne }));
      await done(client.verifyEmail({ query: { token: tokenOf(await link(server, newOne)) } }));
      await until(({ data }) => data?.user.email === newOne);
      await done(client.deleteUser({ password: PASSWORD }));
      await until(({ data, isPending }) => !isPending && data === null);
      assert.deepEqual(await browser.cookies(), {});
    });
  });
});

configured('careful', (server) => {
  test('a sign-up waits for the link, which signs in', async () => {
    const { baseURL } = server;
    const browser = newBrowser(baseURL);
    const client = newClient(browser, baseURL);
    const email = newEmail();
    const { token } = await done(client.signUp.email({ name: 'Ann', email, password: PASSWORD, callbackURL: `${PAGE}/welcome` }));
    assert.equal(token, null);
    assert.equal(await isSignedIn(client), false);
    assert.equal((await refused(client.signIn.email({ email, password: PASSWORD, callbackURL: '/in' }))).code, 'EMAIL_NOT_VERIFIED');
    const again = await link(server, email, 2);
    assert.equal(new URL(again).searchParams.get('callbackURL'), '/in', 'the sign-in sent a link that leads where it would have');
    const [{ url: first }] = await mailsWithLink(baseURL, email, 2);
    const opened = await follow(browser, first);
    assert.deepEqual([opened.status, opened.headers.location], [302, `${PAGE}/welcome`]);
    assert.equal((await done(client.getSession())).user.emailVerified, true);
    const other = newBrowser(baseURL);
    assert.equal((await follow(other, again)).status, 302);
    assert.deepEqual(await other.cookies(), {}, 'it signs in once');
    await done(elsewhere(baseURL).signIn.email({ email, password: PASSWORD }));
  });

  test('a proven address has to agree before the new one is asked', async () => {
    const { baseURL } = server;
    const { browser, client, email } = await newVerifiedUser(server);
    const newOne = newEmail();
    await done(client.changeEmail({ newEmail: newOne, callbackURL: '/settings' }));
    const agreement = await link(server, email, 2);
    assert.equal((await follow(browser, agreement)).headers.location, '/settings');
    assert.equal((await done(client.getSession())).user.email, email, 'nothing is changed yet');
    assert.equal((await follow(browser, await link(server, newOne))).headers.location, '/settings');
    const { user } = await done(client.getSession());
    assert.deepEqual([user.email, user.emailVerified], [newOne, true]);
    await mailAbout(server, email, 'Your address was changed');
    await done(elsewhere(baseURL).signIn.email({ email: newOne, password: PASSWORD }));
  });

  test('an account is deleted by a link, in the browser that is signed in, and its owner is told', async () => {
    const { baseURL } = server;
    const { browser, client, email } = await newVerifiedUser(server);
    const asked = await done(client.deleteUser({ password: PASSWORD, callbackURL: `${PAGE}/bye` }));
    assert.deepEqual(asked, { success: true, message: 'Verification email sent' });
    assert.equal(await isSignedIn(client), true);
    const url = await link(server, email, 2);
    const signedOut = await follow(newBrowser(baseURL), url);
    assert.deepEqual([signedOut.status, signedOut.json.code], [404, 'FAILED_TO_GET_USER_INFO']);
    const opened = await follow(browser, url);
    assert.deepEqual([opened.status, opened.headers.location], [302, `${PAGE}/bye`]);
    assert.deepEqual(await browser.cookies(), {});
    assert.equal(await isSignedIn(client), false);
    await mailAbout(server, email, 'Your account is deleted');
    assert.equal((await refused(client.signIn.email({ email, password: PASSWORD }))).status, 401);
  });

  test('an account is deleted with the token from the mail', async () => {
    const { client, email } = await newVerifiedUser(server);
    await done(client.deleteUser());
    const token = tokenOf(await link(server, email, 2));
    assert.deepEqual(await done(client.deleteUser({ token })), { success: true, message: 'User deleted' });
    assert.equal(await isSignedIn(client), false);
  });

  test('a changed password is told to the owner', async () => {
    const { client, email } = await newVerifiedUser(server);
    await done(client.changePassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }));
    assert.equal((await mailAbout(server, email, 'Your password was changed')).url, '');
  });
});

configured('trusting', (server) => {
  test('an address that is not proven is changed at once: the former is told, the new one is to be proven', async () => {
    const { browser, client, email, token } = await newUser(server.baseURL);
    const newOne = newEmail();
    await done(client.changeEmail({ newEmail: newOne }));
    const { user } = await done(client.getSession());
    assert.deepEqual([user.email, user.emailVerified], [newOne, false]);
    const told = await mailAbout(server, email, 'Your address was changed');
    assert.ok(told.text.includes(newOne), told.text);
    await follow(browser, await link(server, newOne));
    const { user: proven, session } = await done(client.getSession());
    assert.deepEqual([proven.emailVerified, session.token], [true, token], 'who is signed in stays so');
    assert.equal((await done(client.listSessions())).length, 1);
  });

  test('a link that came unasked with the sign-up signs in where nobody is', async () => {
    const { email, id } = await newUser(server.baseURL);
    const browser = newBrowser(server.baseURL);
    assert.equal((await follow(browser, await link(server, email))).status, 302);
    const { user } = await done(newClient(browser, server.baseURL).getSession());
    assert.deepEqual([user.id, user.emailVerified], [id, true]);
  });

  test('accounts that are for good are not deleted', async () => {
    const { client } = await newUser(server.baseURL);
    assert.equal((await refused(client.deleteUser({ password: PASSWORD }))).status, 404);
    assert.equal(await isSignedIn(client), true);
  });
});
