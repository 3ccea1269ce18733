/**
 * What an attacker would try with links in mails, over HTTP: to have the account of whoever owns the address, to keep one that was
 * taken back, to send people elsewhere.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.js';
import { bare, bearer, cookieName, follow, newClient, newEmail, newUser, PASSWORD } from './fixtures.js';
import { mails, mailsWithLink, tokenOf } from './mailbox.js';
import { ONE_CONFIGURATION, PAGE, startSubject } from './subject.js';

const NEW_PASSWORD = 'another horse battery';

let usual;
let careful;

before(async () => {
  usual = await startSubject();
  careful = ONE_CONFIGURATION ? undefined : await startSubject('careful');
});

after(async () => {
  await usual?.close();
  await careful?.close();
});

const newBrowser = (baseURL) => new Browser({ baseURL, page: PAGE, cors: true });

/** The link in the newest of `count` mails to an address. */
const link = async (baseURL, to, count = 1) => (await mailsWithLink(baseURL, to, count)).at(-1).url;

/** Sets a new password by a mail. */
async function reset(baseURL, email, count = 1) {
  const client = newClient(newBrowser(baseURL), baseURL);
  await client.requestPasswordReset({ email });
  const { error } = await client.resetPassword({ newPassword: NEW_PASSWORD, token: tokenOf(await link(baseURL, email, count)) });
  assert.equal(error, null);
}

/** Whoever signs up with an address first does not have the account in the end: GHSA-qq9h-g4jm-xgf3, GHSA-g38m-r43w-p2q7. */
describe('an account that was made with the address of somebody else', () => {
  test('is its owner’s alone after a reset, whatever was prepared before', async () => {
    const { baseURL } = usual;
    const send = bare(baseURL);
    const eve = await newUser(baseURL);
    const ann = eve.email;
    const mailboxOfEve = newEmail();
    await eve.client.updateUser({ name: 'Eve' });
    await eve.client.changeEmail({ newEmail: mailboxOfEve });
    const prepared = tokenOf(await link(baseURL, mailboxOfEve));
    const jwt = (await eve.client.token()).data.token;
    const plain = (await send('/api/auth/login', { method: 'POST', json: { email: ann, password: PASSWORD } })).json.access_token;
    const second = newClient(newBrowser(baseURL), baseURL);
    await second.signIn.email({ email: ann, password: PASSWORD });

    await reset(baseURL, ann);

    for (const client of [eve.client, second]) assert.equal((await client.getSession()).data, null);
    for (const token of [eve.token, jwt, plain]) {
      assert.equal((await send(`/api/${eve.id}/tasks`, { headers: bearer(token) })).status, 401);
      assert.equal((await send('/api/auth/get-session', { headers: bearer(token) })).json, null);
    }
    assert.equal((await second.signIn.email({ email: ann, password: PASSWORD })).error.status, 401);
    assert.equal((await eve.client.verifyEmail({ query: { token: prepared } })).error.code, 'INVALID_TOKEN');
    const owner = newClient(newBrowser(baseURL), baseURL);
    const { data } = await owner.signIn.email({ email: ann, password: NEW_PASSWORD });
    assert.deepEqual([data.user.id, data.user.email, data.user.emailVerified], [eve.id, ann, true]);
    assert.equal((await owner.listSessions()).data.length, 1, 'the owner’s own');
  });

  test('is taken over by whoever signs up with it and has the mailbox', { skip: ONE_CONFIGURATION }, async () => {
    const { baseURL } = careful;
    const email = newEmail();
    const [eve, ann] = [newClient(newBrowser(baseURL), baseURL), newClient(newBrowser(baseURL), baseURL)];
    await eve.signUp.email({ name: 'Eve', email, password: PASSWORD });
    const ofEve = await link(baseURL, email);
    const { data, error } = await ann.signUp.email({ name: 'Ann', email, password: 'the password of Ann' });
    assert.deepEqual([error, data.token, data.user.name], [null, null, 'Ann'], 'nothing says that there is an account');
    // By clicking the link of Eve's sign-up, which is in the mailbox too, nobody ends up with Eve's password.
    const browser = newBrowser(baseURL);
    assert.match((await follow(browser, ofEve)).headers.location, /[?&]error=INVALID_TOKEN$/);
    assert.deepEqual(await browser.cookies(), {});
    assert.equal((await eve.signIn.email({ email, password: PASSWORD })).error.code, 'EMAIL_NOT_VERIFIED');
    const [mail] = await mails(baseURL, email, 1, ({ subject }) => subject === 'You have an account already');
    assert.equal((await ann.resetPassword({ newPassword: NEW_PASSWORD, token: tokenOf(mail.url) })).error, null);
    assert.equal((await eve.signIn.email({ email, password: PASSWORD })).error.status, 401);
    assert.equal((await ann.signIn.email({ email, password: NEW_PASSWORD })).data.user.emailVerified, true);
  });
});

describe('tokens in links', () => {
  test('one link sets one password, however many try at once', async () => {
    const { baseURL } = usual;
    const { client, email } = await newUser(baseURL);
    await client.requestPasswordReset({ email });
    const token = tokenOf(await link(baseURL, email));
    const passwords = Array.from({ length: 8 }, (_, index) => `${NEW_PASSWORD} ${index}`);
    const clients = passwords.map(() => newClient(newBrowser(baseURL), baseURL));
    const answers = await Promise.all(passwords.map((newPassword, index) => clients[index].resetPassword({ newPassword, token })));
    const winners = passwords.filter((_, index) => answers[index].error === null);
    assert.equal(winners.length, 1);
    for (const { error } of answers) assert.ok(error === null || error.code === 'INVALID_TOKEN', JSON.stringify(error));
    for (const password of passwords) {
      const { data } = await client.signIn.email({ email, password });
      assert.equal(data !== null, password === winners[0], password);
    }
  });

  test('of two links to other addresses one counts, and nobody keeps the other from whoever comes next', async () => {
    const { baseURL } = usual;
    const { client, email } = await newUser(baseURL);
    const addresses = [newEmail(), newEmail()];
    for (const newOne of addresses) await client.changeEmail({ newEmail: newOne });
    const tokens = await Promise.all(addresses.map(async (address) => tokenOf(await link(baseURL, address))));
    const answers = await Promise.all(tokens.map((token) => client.verifyEmail({ query: { token } })));
    const taken = addresses.filter((_, index) => answers[index].error === null);
    assert.equal(taken.length, 1);
    assert.equal((await client.getSession()).data.user.email, taken[0]);
    for (const address of [email, ...addresses]) {
      const { error } = await newClient(newBrowser(baseURL), baseURL).signUp.email({ name: 'Next', email: address, password: PASSWORD });
      assert.equal(error?.code, address === taken[0] ? 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' : undefined);
    }
  });

  test('what only looks like one is none, wherever it stands', async () => {
    const { baseURL } = usual;
    const send = bare(baseURL);
    const { client, email, token: session } = await newUser(baseURL);
    const jwt = (await client.token()).data.token;
    await client.requestPasswordReset({ email });
    const token = tokenOf(await link(baseURL, email));
    const lookalikes = [
      `${token}=`,
      `${token}==`,
      `${token}A`,
      `${token}\n`,
      ` ${token}`,
      `${token}\u0000`,
      token.toLowerCase(),
      token.slice(1),
      token + token,
      session,
      jwt,
      'null',
      'undefined',
      '[object Object]',
      '..',
      '.',
      '../ok',
      `${token}/../${token}x`,
      '\ud83d\ude00',
      'A'.repeat(5000),
    ].filter((lookalike) => lookalike !== token);
    for (const lookalike of lookalikes) {
      const refused = await client.resetPassword({ newPassword: NEW_PASSWORD, token: lookalike });
      assert.equal(refused.error?.code, 'INVALID_TOKEN', lookalike);
      const encoded = encodeURIComponent(lookalike);
      const opened = await send(`/api/auth/reset-password/${encoded}?callbackURL=%2Freset`);
      assert.ok(opened.status >= 300 && opened.status < 500, `${lookalike}: ${opened.status}`);
      assert.ok(!(opened.headers.location ?? '').includes('?token='), `${lookalike}: ${opened.headers.location}`);
      assert.equal((await send(`/api/auth/verify-email?token=${encoded}`)).status, 401, lookalike);
      assert.equal((await client.deleteUser({ token: lookalike })).error?.code, 'INVALID_TOKEN', lookalike);
    }
    for (const odd of [null, 5, true, [], [token], { token }]) {
      const answer = await send('/api/auth/reset-password', { method: 'POST', json: { newPassword: NEW_PASSWORD, token: odd } });
      assert.equal(answer.status, 400, JSON.stringify(odd));
    }
    assert.equal((await client.resetPassword({ newPassword: NEW_PASSWORD, token })).error, null, 'the real one still works');
  });

  test(
    'whoever is sent a link of the attacker’s account is not signed in, and deletes nothing of their own',
    { skip: ONE_CONFIGURATION },
    async () => {
      const { baseURL } = careful;
      const newVerified = async () => {
        const browser = newBrowser(baseURL);
        const client = newClient(browser, baseURL);
        const email = newEmail();
        await client.signUp.email({ name: 'Ann', email, password: PASSWORD });
        await follow(browser, await link(baseURL, email));
        return { browser, client, email };
      };
      const [attacker, victim] = [await newVerified(), await newVerified()];
      const { data: before } = await victim.client.getSession();
      await attacker.client.changeEmail({ newEmail: newEmail() });
      await attacker.client.deleteUser();
      const links = await mailsWithLink(baseURL, attacker.email, 3);
      for (const { url } of links) await follow(victim.browser, url);
      const { data: now } = await victim.client.getSession();
      assert.deepEqual([now.user, now.session.id], [before.user, before.session.id]);
      assert.notEqual((await attacker.client.getSession()).data, null);
    },
  );
});

describe('an account that is deleted', () => {
  /** GHSA-2vg6-77g8-24mp. */
  test('requests that overlap a deletion leave nobody signed in and nothing behind', async () => {
    const { baseURL } = usual;
    const send = bare(baseURL);
    const { client, cookie, email, id, token } = await newUser(baseURL);
    const overlapping = Array.from({ length: 6 }, () =>
      Promise.all([
        send('/api/auth/sign-in/email', { method: 'POST', json: { email, password: PASSWORD } }),
        send(`/api/${id}/tasks`, { method: 'POST', json: { title: 'late' }, headers: bearer(token) }),
        send('/api/auth/get-session', { cookies: cookie }),
      ]),
    );
    assert.equal((await client.deleteUser({ password: PASSWORD })).error, null);
    const signedIn = (await Promise.all(overlapping)).map(([{ json }]) => json.token).filter((token) => token !== undefined);
    for (const late of [token, ...signedIn]) {
      assert.equal((await send('/api/auth/get-session', { headers: bearer(late) })).json, null);
      assert.equal((await send('/api/auth/get-session', { cookies: `${cookieName(baseURL)}=${late}` })).json, null);
      assert.equal((await send(`/api/${id}/tasks`, { headers: bearer(late) })).status, 401);
    }
    const next = await newClient(newBrowser(baseURL), baseURL).signUp.email({ name: 'Next', email, password: PASSWORD });
    assert.notEqual(next.data.user.id, id);
  });
});
