/**
 * Everything a Better Auth server is asked here, in named steps, against any server.
 *
 * Steps that a user interface would make go through the official client; what the client cannot send goes through the
 * browser directly. A step records every exchange and the client's result. Nothing is judged here: `compare.test.js`
 * puts the transcripts of two servers side by side.
 */
import { PASSWORD } from './fixtures.js';
import { careful, trusting, usual } from './mail-scenario.js';
import { Scenario } from './steps.js';
import { PAGE } from './subject.js';

const COOKIE = 'better-auth.session_token';

/** The chapters for each configuration: those that mails have no part in are told once. */
const chapters = {
  usual: [
    service,
    unknownRoutes,
    signUp,
    signUpRefused,
    signIn,
    signInRefused,
    bodies,
    rememberMe,
    sessions,
    signedOut,
    updateUser,
    changePassword,
    accounts,
    bearer,
    tokens,
    cookies,
    origins,
    redirectTargets,
    plainDialect,
    ...usual,
    notOffered,
  ],
  careful,
  trusting,
};

/**
 * @param {{baseURL: string, run: string, configuration: string}} options `run` makes addresses unique on a server that keeps
 *   its data, `configuration` is a name of `configurations.js`
 * @returns {Promise<{name: string, exchanges: import('./browser.js').Exchange[], result: unknown}[]>}
 */
export async function runScenario({ baseURL, run, configuration }) {
  const scenario = new Scenario(baseURL, run);
  for (const chapter of chapters[configuration]) {
    // A server that fails one chapter is still asked the others. The step that is too many shows in the comparison.
    try {
      await chapter(scenario);
    } catch (error) {
      scenario.steps.push({ name: `the chapter ${chapter.name} ended early`, exchanges: [], result: error.message });
    }
  }
  return scenario.steps;
}

/** The cookie header that a browser would send for the session, so that tests can take it apart. */
const sessionCookie = async (browser) => (await browser.cookies())[COOKIE].cookieString();

async function service(s) {
  const browser = s.browser();
  await s.raw('ok', browser, '/ok');
  await s.step('jwks', () => s.client(browser).jwks());
  await s.raw('error page with a code', browser, '/error?error=state_mismatch');
  await s.raw('error page with code and description', browser, '/error?error=access_denied&error_description=You%20said%20no');
  await s.raw('error page without anything', browser, '/error');
  await s.raw('error page with an empty code', browser, '/error?error=');
  await s.raw('error page with a code of other characters', browser, '/error?error=%3Cscript%3E');
  await s.raw('error page with quote, dash and underscore in the code', browser, "/error?error=it's-a_code");
  await s.raw(
    'error page with markup in the description',
    browser,
    '/error?error=x&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E%26%22%27',
  );
  await s.raw('error page with a line break in the description', browser, '/error?error=x&error_description=a%0D%0ASet-Cookie:%20b=c');
  await s.raw('error page with a plus sign and letters beyond ASCII', browser, '/error?error=x&error_description=a+b%2Bc%20%C3%A4%20~*-._');
  await s.raw('error page with a code twice', browser, '/error?error=one&error=two');
  await s.raw('error page with a code of 401 characters', browser, `/error?error=${'x'.repeat(401)}`);
  await s.raw('error page with a description of 401 characters', browser, `/error?error=x&error_description=${'x'.repeat(401)}`);
  await s.raw('error page with other parameters', browser, '/error?error=x&state=abc');
}

async function unknownRoutes(s) {
  const browser = s.browser();
  for (const path of [
    '',
    '/',
    '/nope',
    '/ok/',
    '//ok',
    '/OK',
    '/ok/more',
    '/sign-in',
    '/sign-in/email/',
    '/set-password',
    '/sign-jwt',
    '/verify-jwt',
    '/forget-password',
  ]) {
    await s.raw(`GET of unknown path "${path}"`, browser, path);
    await s.post(`POST to unknown path "${path}"`, browser, path, {});
  }
  for (const [method, path] of [
    ['POST', '/ok'],
    ['POST', '/jwks'],
    ['POST', '/token'],
    ['POST', '/error'],
    ['POST', '/list-sessions'],
    ['POST', '/list-accounts'],
    ['GET', '/sign-in/email'],
    ['GET', '/sign-up/email'],
    ['GET', '/sign-out'],
    ['GET', '/update-user'],
    ['GET', '/change-password'],
    ['GET', '/verify-password'],
    ['GET', '/revoke-session'],
    ['GET', '/revoke-sessions'],
    ['GET', '/revoke-other-sessions'],
    ['GET', '/request-password-reset'],
    ['GET', '/reset-password'],
    ['GET', '/send-verification-email'],
    ['GET', '/change-email'],
    ['GET', '/delete-user'],
    ['GET', '/update-session'],
    ['POST', '/reset-password/x?callbackURL=%2F'],
    ['POST', '/delete-user/callback?token=x'],
    ['HEAD', '/reset-password/x?callbackURL=%2F'],
    ['HEAD', '/verify-email?token=x'],
    ['HEAD', '/delete-user/callback?token=x'],
    ['PUT', '/sign-out'],
    ['PATCH', '/update-user'],
    ['DELETE', '/get-session'],
    ['HEAD', '/ok'],
    ['HEAD', '/get-session'],
    ['OPTIONS', '/ok'],
    ['OPTIONS', '/sign-in/email'],
  ]) {
    // Without `Origin`: an OPTIONS with one is a preflight, and those belong to the host.
    await s.raw(`${method} ${path} is no route`, browser, path, { method, origin: 'none' });
  }
  await s.post('get-session by POST', browser, '/get-session', {});
  await s.raw('unknown path with a bad body', browser, '/nope', {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  await s.post(
    'unknown path from a foreign origin with a cookie',
    browser,
    '/nope',
    {},
    { cookies: 'a=b', origin: 'https://evil.example' },
  );
}

async function signUp(s) {
  const browser = s.browser();
  const client = s.client(browser);
  const email = s.email('ann');
  await s.step('sign up', () => client.signUp.email({ name: 'Ann', email, password: PASSWORD }));
  await s.step('session after sign-up', () => client.getSession());
  await s.step('sign up with an image', () =>
    s.client(s.browser()).signUp.email({ name: 'Bob', email: s.email('bob'), password: PASSWORD, image: 'https://img.example/bob.png' }),
  );
  await s.step('sign up in capitals', () =>
    s.client(s.browser()).signUp.email({ name: 'Cy', email: s.email('Cy.UPPER').toUpperCase(), password: PASSWORD }),
  );
  await s.post('sign up with an empty name', s.browser(), '/sign-up/email', { name: '', email: s.email('noname'), password: PASSWORD });
  await s.post('sign up with a name of blanks', s.browser(), '/sign-up/email', {
    name: '  Dee  ',
    email: s.email('dee'),
    password: PASSWORD,
  });
  await s.post('sign up with fields of others', s.browser(), '/sign-up/email', {
    name: 'Eve',
    email: s.email('eve'),
    password: PASSWORD,
    emailVerified: true,
    id: 'chosen',
    role: 'admin',
    createdAt: '2000-01-01T00:00:00.000Z',
  });
  await s.post('sign up with a callback', s.browser(), '/sign-up/email', {
    name: 'Flo',
    email: s.email('flo'),
    password: PASSWORD,
    callbackURL: '/welcome',
  });
  await s.post('sign up with a password of 8', s.browser(), '/sign-up/email', { name: 'P', email: s.email('p8'), password: '8-for-us' });
  await s.post('sign up with a common password', s.browser(), '/sign-up/email', { name: 'P', email: s.email('p9'), password: 'Password1' });
  await s.post('sign up with a password of 128', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('p128'),
    password: 'p'.repeat(128),
  });
  await s.post('sign up with a password of four emoji', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('emoji'),
    password: '🙂🙂🙂🙂',
  });
  await s.post('sign up with a password of eight blanks', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('blanks'),
    password: ' '.repeat(8),
  });
  await s.post('sign up with an empty image', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('emptyimage'),
    password: PASSWORD,
    image: '',
  });
  await s.post('sign up with a control character in the name', s.browser(), '/sign-up/email', {
    name: 'a\u001bb',
    email: s.email('control'),
    password: PASSWORD,
  });
  await s.post('sign up with a name of two lines', s.browser(), '/sign-up/email', {
    name: 'a\tb\r\nc',
    email: s.email('lines'),
    password: PASSWORD,
  });
  await s.post('sign up with a name that looks like a date', s.browser(), '/sign-up/email', {
    name: '2020-01-01T00:00:00.000Z',
    email: s.email('datename'),
    password: PASSWORD,
  });
  await s.post('sign up while signed in', browser, '/sign-up/email', { name: 'Second', email: s.email('second'), password: PASSWORD });
  for (const local of ['a.b', 'a+b', "o'neil", 'a_b-c', '1']) {
    await s.post(`sign up with the address ${local}`, s.browser(), '/sign-up/email', {
      name: 'P',
      email: s.email(local),
      password: PASSWORD,
    });
  }
  await s.post('sign up with an address of a long domain', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('p').replace('@', '@a-b.1.'),
    password: PASSWORD,
  });
  await s.post('sign up with an address of 255 characters', s.browser(), '/sign-up/email', {
    name: 'P',
    email: longAddress(s, 255),
    password: PASSWORD,
  });
  await s.post('sign up with an address of 256 characters', s.browser(), '/sign-up/email', {
    name: 'P',
    email: longAddress(s, 256),
    password: PASSWORD,
  });
  await s.post('sign up with a name of 101 characters', s.browser(), '/sign-up/email', {
    name: 'n'.repeat(101),
    email: s.email('long-name'),
    password: PASSWORD,
  });
  await s.post('sign up with an image of 2001 characters', s.browser(), '/sign-up/email', {
    name: 'P',
    email: s.email('long-image'),
    password: PASSWORD,
    image: `https://example.com/${'i'.repeat(1981)}`,
  });
}

/** An address of exactly `length` characters. */
function longAddress(s, length) {
  const [local, domain] = s.email('long').split('@');
  return `${local}${'x'.repeat(length - local.length - domain.length - 1)}@${domain}`;
}

async function signUpRefused(s) {
  const browser = s.browser();
  const good = { name: 'No', email: s.email('refused'), password: PASSWORD };
  const refused = (name, json) => s.post(`sign up refused: ${name}`, browser, '/sign-up/email', json);
  await refused('duplicate', { ...good, email: s.email('ann') });
  await refused('duplicate in capitals', { ...good, email: s.email('ann').toUpperCase() });
  await refused('duplicate with a short password', { ...good, email: s.email('ann'), password: 'short' });
  await refused('password of 7', { ...good, password: '1234567' });
  await refused('password of 129', { ...good, password: 'p'.repeat(129) });
  await refused('password of three emoji', { ...good, password: '🙂🙂🙂' });
  await refused('password of 65 emoji', { ...good, password: '🙂'.repeat(65) });
  await refused('empty password', { ...good, password: '' });
  for (const field of ['name', 'email', 'password']) {
    const { [field]: _, ...rest } = good;
    await refused(`no ${field}`, rest);
    for (const [kind, value] of Object.entries({ null: null, number: 1, boolean: true, array: [], object: {} }))
      await refused(`${field} is ${kind}`, { ...good, [field]: value });
  }
  for (const field of ['image', 'callbackURL', 'rememberMe']) {
    for (const [kind, value] of Object.entries({ null: null, number: 1, object: {} }))
      await refused(`${field} is ${kind}`, { ...good, [field]: value });
  }
  await refused('image is boolean', { ...good, image: true });
  await refused('rememberMe is a string', { ...good, rememberMe: 'true' });
  await refused('everything missing', {});
  await refused('everything wrong', { name: 1, email: 'x', password: '', image: 1, callbackURL: 1, rememberMe: 1 });
  await refused('everything wrong, and the callback null', {
    name: 1,
    email: 'x',
    password: '',
    image: 1,
    callbackURL: null,
    rememberMe: 1,
  });
  for (const email of [
    '',
    'plain',
    'a@b',
    '@example.com',
    'a@',
    ' a@example.com',
    'a@example.com ',
    'a b@example.com',
    '.a@example.com',
    'a.@example.com',
    'a..b@example.com',
    "a'@example.com",
    'a@-example.com',
    'a@example.c',
    'a@example.123',
    'a@example..com',
    'a@exam_ple.com',
    'a@[127.0.0.1]',
    '"a"@example.com',
    'a@b@example.com',
    'ä@example.com',
    'a@exämple.com',
    'a#b@example.com',
    'a%b@example.com',
    'a/b@example.com',
    'Ann <a@example.com>',
  ]) {
    await refused(`the address "${email}"`, { ...good, email });
  }
  await s.step('sign up refused: what the client gives', () => s.client(s.browser()).signUp.email({ ...good, email: s.email('ann') }));
}

async function signIn(s) {
  const email = s.email('ann');
  const browser = s.browser();
  const client = s.client(browser);
  await s.step('sign in', () => client.signIn.email({ email, password: PASSWORD }));
  await s.step('session after sign-in', () => client.getSession());
  await s.step('sign out', () => client.signOut());
  await s.step('session after sign-out', () => client.getSession());
  await s.step('sign out again', () => client.signOut());
  await s.post('sign in with capitals', s.browser(), '/sign-in/email', { email: email.toUpperCase(), password: PASSWORD });
  await s.post('sign in with a relative callback', s.browser(), '/sign-in/email', { email, password: PASSWORD, callbackURL: '/dashboard' });
  await s.post('sign in with an absolute callback', s.browser(), '/sign-in/email', {
    email,
    password: PASSWORD,
    callbackURL: 'https://app.example.net/in?x=1#y',
  });
  await s.post('sign in with a callback in another script', s.browser(), '/sign-in/email', {
    email,
    password: PASSWORD,
    callbackURL: '/ä',
  });
  await s.post('sign in with a callback of 2001 characters', s.browser(), '/sign-in/email', {
    email,
    password: PASSWORD,
    callbackURL: `/${'x'.repeat(2000)}`,
  });
  await s.post('sign in with an address of another script', s.browser(), '/sign-in/email', {
    email: 'ann@example.xn--p1ai',
    password: PASSWORD,
  });
  await s.post('sign in with an empty callback', s.browser(), '/sign-in/email', { email, password: PASSWORD, callbackURL: '' });
  await s.post('sign in with unknown fields', s.browser(), '/sign-in/email', { email, password: PASSWORD, token: 'x', userId: 'y' });
  await s.post('sign in with rememberMe true', s.browser(), '/sign-in/email', { email, password: PASSWORD, rememberMe: true });
  await s.post('sign in with a password of four emoji', s.browser(), '/sign-in/email', { email: s.email('emoji'), password: '🙂🙂🙂🙂' });
  // "é" as one character and as two is one password: both are normalised (NFKC).
  await s.post('sign up with a composed password', s.browser(), '/sign-up/email', {
    name: 'N',
    email: s.email('nfkc'),
    password: 'caf\u00e9-caf\u00e9',
  });
  await s.post('sign in with the decomposed password', s.browser(), '/sign-in/email', {
    email: s.email('nfkc'),
    password: 'cafe\u0301-cafe\u0301',
  });
  const again = s.browser();
  await s.post('sign in over a session, first', again, '/sign-in/email', { email, password: PASSWORD });
  await s.post('sign in over a session, second', again, '/sign-in/email', { email: s.email('bob'), password: PASSWORD });
  await s.step('session after the second sign-in', () => s.client(again).getSession());
}

async function signInRefused(s) {
  const browser = s.browser();
  const good = { email: s.email('ann'), password: PASSWORD };
  const refused = (name, json) => s.post(`sign in refused: ${name}`, browser, '/sign-in/email', json);
  await refused('wrong password', { ...good, password: 'wrong password' });
  await refused('unknown user', { ...good, email: s.email('nobody') });
  await refused('empty password', { ...good, password: '' });
  await refused('empty password of an unknown user', { email: s.email('nobody'), password: '' });
  await refused('password of 128', { ...good, password: 'p'.repeat(128) });
  await refused('password of 129', { ...good, password: 'p'.repeat(129) });
  await refused('password of 129 of an unknown user', { email: s.email('nobody'), password: 'p'.repeat(129) });
  await refused('password in capitals', { ...good, password: PASSWORD.toUpperCase() });
  await refused('password with a blank behind', { ...good, password: `${PASSWORD} ` });
  await refused('invalid address', { ...good, email: 'plain' });
  await refused('empty address', { ...good, email: '' });
  await refused('blank before the address', { ...good, email: ` ${good.email}` });
  await refused('invalid address and long password', { email: 'plain', password: 'p'.repeat(129) });
  for (const field of ['email', 'password']) {
    const { [field]: _, ...rest } = good;
    await refused(`no ${field}`, rest);
    for (const [kind, value] of Object.entries({ null: null, number: 1, boolean: true, array: [], object: {} }))
      await refused(`${field} is ${kind}`, { ...good, [field]: value });
  }
  for (const field of ['callbackURL', 'rememberMe']) {
    for (const [kind, value] of Object.entries({ null: null, number: 1, object: {} }))
      await refused(`${field} is ${kind}`, { ...good, [field]: value });
  }
  await refused('rememberMe is a string', { ...good, rememberMe: 'false' });
  await refused('everything missing', {});
  await refused('everything wrong', { email: 1, password: 2, callbackURL: 3, rememberMe: 4 });
  await refused('everything wrong, and the callback null', { email: 1, password: 2, callbackURL: null, rememberMe: 4 });
  await s.step('sign in refused: what the client gives', () => s.client(s.browser()).signIn.email({ ...good, password: 'wrong password' }));
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

async function bodies(s) {
  const { browser, email } = await s.user('bodies');
  const good = JSON.stringify({ email, password: PASSWORD });
  for (const path of [
    '/sign-up/email',
    '/sign-in/email',
    '/sign-out',
    '/revoke-session',
    '/update-user',
    '/change-password',
    '/verify-password',
    '/revoke-sessions',
    '/revoke-other-sessions',
  ]) {
    const send = (name, body, headers) =>
      s.raw(`body of ${path}: ${name}`, browser, path, { method: 'POST', cookies: 'none', body, headers });
    await send('no body, no type', undefined, {});
    await send('no body, JSON type', undefined, JSON_TYPE);
    await send('no body, text type', undefined, { 'content-type': 'text/plain' });
    await send('body without type', good, {});
    await send('text type', good, { 'content-type': 'text/plain' });
    await send('text type with parameter', good, { 'content-type': 'Text/Plain; charset=UTF-8' });
    await send('vendor JSON type', good, { 'content-type': 'application/vnd.api+json' });
    await send('multipart type', '--x\r\ncontent-disposition: form-data; name="email"\r\n\r\na\r\n--x--', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    await send('form', 'email=a&password=b', FORM_TYPE);
    await send('not JSON', '{', JSON_TYPE);
    await send('null', 'null', JSON_TYPE);
    await send('array', '[]', JSON_TYPE);
    await send('string', '"text"', JSON_TYPE);
    await send('number', '1', JSON_TYPE);
    await send('boolean', 'true', JSON_TYPE);
  }
  const signIn = (name, body, headers) =>
    s.raw(`body of a sign-in: ${name}`, s.browser(), '/sign-in/email', { method: 'POST', body, headers });
  await signIn('JSON with charset', good, { 'content-type': 'application/json; charset=utf-8' });
  await signIn('JSON type in capitals', good, { 'content-type': 'Application/JSON' });
  await signIn('JSON with white space around', ` \r\n\t${good} `, JSON_TYPE);
  await signIn('JSON with a byte order mark', `\ufeff${good}`, JSON_TYPE);
  await signIn('JSON with numbers of any size', `${good.slice(0, -1)},"z":[1e400,-1E+999,${'9'.repeat(400)}]}`, JSON_TYPE);
  await signIn('JSON with half a surrogate pair', `${good.slice(0, -1)},"z":"\\ud83d"}`, JSON_TYPE);
  await signIn(
    'JSON with half a surrogate pair in the password',
    JSON.stringify({ email, password: 'x' }).replace('"x"', '"\\ude00"'),
    JSON_TYPE,
  );
  await signIn('JSON nested 128 levels deep', `${good.slice(0, -1)},"z":${'['.repeat(127)}${']'.repeat(127)}}`, JSON_TYPE);
  await signIn('JSON nested 129 levels deep', `${good.slice(0, -1)},"z":${'['.repeat(128)}${']'.repeat(128)}}`, JSON_TYPE);
  await signIn('JSON said to be compressed', good, { ...JSON_TYPE, 'content-encoding': 'gzip' });
  await signIn('JSON said to be as it is', good, { ...JSON_TYPE, 'content-encoding': 'identity' });
  await signIn('JSON with something behind', `${good}x`, JSON_TYPE);
  await signIn('JSON with a key twice', `{"email":"other@example.com",${good.slice(1)}`, JSON_TYPE);
  await signIn('JSON with single quotes', "{'email':'a'}", JSON_TYPE);
  await signIn('only white space', '  ', JSON_TYPE);
  await signIn('form', new URLSearchParams({ email, password: PASSWORD }).toString(), FORM_TYPE);
  await signIn('form with charset', new URLSearchParams({ email, password: PASSWORD }).toString(), {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
  });
  await signIn('form with rememberMe', new URLSearchParams({ email, password: PASSWORD, rememberMe: 'true' }).toString(), FORM_TYPE);
  await signIn('form with a callback', new URLSearchParams({ email, password: PASSWORD, callbackURL: '/in' }).toString(), FORM_TYPE);
  await signIn('form with a key twice', `email=other%40example.com&${new URLSearchParams({ email, password: PASSWORD })}`, FORM_TYPE);
  await signIn('form without password', new URLSearchParams({ email }).toString(), FORM_TYPE);
  await signIn('form type with JSON in it', good, FORM_TYPE);
  await s.raw('sign up by form', s.browser(), '/sign-up/email', {
    method: 'POST',
    body: new URLSearchParams({ name: 'Form + Ü', email: s.email('form'), password: PASSWORD }).toString(),
    headers: FORM_TYPE,
  });
}

async function rememberMe(s) {
  const browser = s.browser();
  const client = s.client(browser);
  const email = s.email('forget');
  await s.step('sign up without being remembered', () =>
    client.signUp.email({ name: 'Forget', email, password: PASSWORD, rememberMe: false }),
  );
  await s.step('session of one not remembered', () => client.getSession());
  await s.step('update of one not remembered', () => client.updateUser({ name: 'Forgotten' }));
  await s.step('sign-out of one not remembered', () => client.signOut());
  const second = s.browser();
  const { data } = await s.step('sign in without being remembered', () =>
    s.client(second).signIn.email({ email, password: PASSWORD, rememberMe: false }),
  );
  await s.step('password change of one not remembered', () =>
    s.client(second).changePassword({ currentPassword: PASSWORD, newPassword: PASSWORD, revokeOtherSessions: true }),
  );
  await s.step('session of one not remembered after the password change', () => s.client(second).getSession());
  const third = s.browser();
  const { data: signedIn } = await s.step('sign in without being remembered, for a bearer', () =>
    s.client(third).signIn.email({ email, password: PASSWORD, rememberMe: false }),
  );
  await s.raw('session of one not remembered by bearer', s.browser(), '/get-session', {
    headers: { authorization: `Bearer ${signedIn.token}` },
  });
  await s.raw('dead session of one not remembered by bearer', s.browser(), '/get-session', {
    headers: { authorization: `Bearer ${data.token}` },
  });
}

async function sessions(s) {
  const { browser, client, email, token } = await s.user('sessions');
  await s.step('list of one session', () => client.listSessions());
  const others = [];
  for (const name of ['second', 'third', 'fourth']) {
    const other = s.browser();
    others.push(other);
    await s.step(`sign in on the ${name} device`, () => s.client(other).signIn.email({ email, password: PASSWORD }));
  }
  const { data } = await s.step('list of four sessions', () => client.listSessions());
  const second = data.toSorted((a, b) => a.createdAt - b.createdAt)[1].token;
  await s.step('revoke another session', () => client.revokeSession({ token: second }));
  await s.step('the revoked session', () => s.client(others[0]).getSession());
  await s.step('the revoked session again, its cookie gone', () => s.client(others[0]).getSession());
  await s.step('revoke it again', () => client.revokeSession({ token: second }));
  await s.step('revoke an unknown token', () => client.revokeSession({ token: 'unknown' }));
  await s.step('revoke an empty token', () => client.revokeSession({ token: '' }));
  await s.post('revoke without a token', browser, '/revoke-session', {});
  await s.post('revoke with a number', browser, '/revoke-session', { token: 1 });
  const stranger = await s.user('stranger');
  await s.step('revoke the session of another user', () => stranger.client.revokeSession({ token }));
  await s.step('which lives on', () => client.getSession());
  await s.step('revoke all others', () => client.revokeOtherSessions());
  await s.step('list after revoking all others', () => client.listSessions());
  await s.step('one of the others', () => s.client(others[1]).getSession());
  await s.step('a protected route on a revoked device', () => s.client(others[2]).listSessions());
  await s.step('revoke the own session', () => client.revokeSession({ token }));
  await s.step('after revoking the own session', () => client.getSession());
  await s.step('sign in again to revoke all', () => client.signIn.email({ email, password: PASSWORD }));
  await s.step('revoke all', () => client.revokeSessions());
  await s.step('after revoking all', () => client.getSession());
}

async function signedOut(s) {
  const browser = s.browser();
  const client = s.client(browser);
  await s.step('signed out: session', () => client.getSession());
  await s.step('signed out: sign out', () => client.signOut());
  await s.step('signed out: list sessions', () => client.listSessions());
  await s.step('signed out: list accounts', () => client.listAccounts());
  await s.step('signed out: token', () => client.token());
  await s.step('signed out: update user', () => client.updateUser({ name: 'x' }));
  await s.step('signed out: update user with nothing', () => client.updateUser({}));
  await s.step('signed out: change password', () => client.changePassword({ currentPassword: PASSWORD, newPassword: PASSWORD }));
  await s.step('signed out: change password with a bad body', () => client.changePassword({}));
  await s.step('signed out: verify password', () => client.verifyPassword({ password: PASSWORD }));
  await s.step('signed out: revoke session', () => client.revokeSession({ token: 'x' }));
  await s.step('signed out: revoke session with a bad body', () => client.revokeSession({}));
  await s.step('signed out: revoke sessions', () => client.revokeSessions());
  await s.step('signed out: revoke other sessions', () => client.revokeOtherSessions());
}

async function updateUser(s) {
  const { browser, client } = await s.user('updater');
  const update = async (name, json) => {
    await s.post(`update user: ${name}`, browser, '/update-user', json);
    await s.raw(`user after: ${name}`, browser, '/get-session');
  };
  await s.step('update the name', () => client.updateUser({ name: 'New Name' }));
  await s.step('the new name', () => client.getSession());
  await update('image', { image: 'https://img.example/1.png' });
  await update('null image', { image: null });
  await update('name and image', { name: 'Both', image: 'https://img.example/2.png' });
  await update('unknown fields beside the name', { name: 'Known', nickname: 'nick', role: 'admin' });
  await update('only unknown fields', { nickname: 'nick' });
  await update('nothing', {});
  await update('empty name', { name: '' });
  await update('email', { email: s.email('elsewhere') });
  await update('email beside the name', { name: 'Refused', email: s.email('elsewhere') });
  await update('empty email', { email: '' });
  await update('null email beside the name', { name: 'Null email', email: null });
  await s.step('update user: what the client gives for an email', () => client.updateUser({ email: s.email('elsewhere') }));
  for (const [kind, body] of Object.entries({ array: '[]', null: 'null', string: '"x"' })) {
    await s.raw(`update user: the body is ${kind}`, browser, '/update-user', { method: 'POST', body, headers: JSON_TYPE });
  }
}

async function changePassword(s) {
  const { browser, client, email } = await s.user('changer');
  const change = (name, json) => s.post(`change password: ${name}`, browser, '/change-password', json);
  const next = 'another horse battery';
  await change('wrong current password', { currentPassword: 'wrong password', newPassword: next });
  await change('empty current password', { currentPassword: '', newPassword: next });
  await change('too short', { currentPassword: PASSWORD, newPassword: '1234567' });
  await change('too short and wrong', { currentPassword: 'wrong password', newPassword: '1234567' });
  await change('too long', { currentPassword: PASSWORD, newPassword: 'p'.repeat(129) });
  await change('current password too long', { currentPassword: 'p'.repeat(129), newPassword: next });
  await change('empty new password', { currentPassword: PASSWORD, newPassword: '' });
  await change('nothing', {});
  await change('no new password', { currentPassword: PASSWORD });
  await change('no current password', { newPassword: next });
  await change('wrong types', { currentPassword: 1, newPassword: 2, revokeOtherSessions: 'true' });
  await change('revokeOtherSessions is null', { currentPassword: PASSWORD, newPassword: next, revokeOtherSessions: null });
  const other = s.browser();
  await s.step('second device of the changer', () => s.client(other).signIn.email({ email, password: PASSWORD }));
  await s.step('change the password', () => client.changePassword({ currentPassword: PASSWORD, newPassword: next }));
  await s.step('second device after the change', () => s.client(other).getSession());
  await s.post('sign in with the old password', s.browser(), '/sign-in/email', { email, password: PASSWORD });
  await s.step('change the password and revoke', () =>
    client.changePassword({ currentPassword: next, newPassword: PASSWORD, revokeOtherSessions: true }),
  );
  await s.step('own session after change and revocation', () => client.getSession());
  await s.step('second device after change and revocation', () => s.client(other).getSession());
  await s.step('list after change and revocation', () => client.listSessions());
  const verify = (name, json) => s.post(`verify password: ${name}`, browser, '/verify-password', json);
  await s.step('verify the password', () => client.verifyPassword({ password: PASSWORD }));
  await verify('wrong', { password: 'wrong password' });
  await verify('empty', { password: '' });
  await verify('too long', { password: 'p'.repeat(129) });
  await verify('missing', {});
  await verify('number', { password: 1 });
}

async function accounts(s) {
  const { client } = await s.user('accounts');
  await s.step('list accounts', () => client.listAccounts());
}

async function bearer(s) {
  const { browser, email, token } = await s.user('bearer');
  const cookie = await sessionCookie(browser);
  const get = (name, authorization, cookies = 'none') =>
    s.raw(`bearer: ${name}`, s.browser(), '/get-session', { headers: { authorization }, cookies });

  let setAuthToken;
  const storing = s.client(s.browser(), { onSuccess: ({ response }) => (setAuthToken ??= response.headers.get('set-auth-token')) });
  await s.step('bearer: sign in and keep set-auth-token', () => storing.signIn.email({ email, password: PASSWORD }));
  const client = s.client(s.browser(), { auth: { type: 'Bearer', token: () => setAuthToken } });
  await s.step('bearer: session through the client', () => client.getSession());
  await s.step('bearer: update through the client', () => client.updateUser({ name: 'By bearer' }));

  await get('raw token', `Bearer ${token}`);
  await get('raw token behind blanks', `Bearer   ${token}  `);
  await get('scheme in small letters', `bearer ${token}`);
  await get('scheme in capitals', `BEARER ${token}`);
  await get('set-auth-token', `Bearer ${setAuthToken}`);
  await get('set-auth-token percent-encoded', `Bearer ${encodeURIComponent(setAuthToken)}`);
  await get('the cookie value', `Bearer ${cookie.slice(COOKIE.length + 1)}`);
  await get('garbage', 'Bearer garbage');
  await get('garbage before a good cookie', 'Bearer garbage', cookie);
  await get('garbage with a signature', `Bearer ${'a'.repeat(32)}.${'A'.repeat(43)}=`);
  await get('garbage with a signature before a good cookie', `Bearer ${'a'.repeat(32)}.${'A'.repeat(43)}=`, cookie);
  await get('a JWT of nobody before a good cookie', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', cookie);
  await get('empty', 'Bearer ');
  await get('empty before a good cookie', 'Bearer ', cookie);
  await get('no blank behind the scheme', `Bearer${token}`);
  await get('another scheme', `Basic ${token}`);
  await get('another scheme before a good cookie', `Basic ${token}`, cookie);
  await get('no scheme', token);
  await get('good token before another cookie', `Bearer ${token}`, `${COOKIE}=garbage`);

  const withBearer = (name, path, json, options) =>
    s.post(`bearer: ${name}`, s.browser(), path, json, { headers: { authorization: `Bearer ${token}` }, ...options });
  await withBearer(
    'update from a foreign origin, no cookie',
    '/update-user',
    { name: 'Foreign' },
    { origin: 'https://evil.example', cookies: 'none' },
  );
  await withBearer(
    'update without origin, no cookie',
    '/update-user',
    { name: 'Curl' },
    { origin: 'none', metadata: 'none', cookies: 'none' },
  );
  await withBearer(
    'update from a foreign origin with any cookie',
    '/update-user',
    { name: 'Refused' },
    { origin: 'https://evil.example', cookies: 'theme=dark' },
  );
  await s.raw('bearer: list sessions', s.browser(), '/list-sessions', { headers: { authorization: `Bearer ${token}` } });
  await s.raw('bearer: a protected route with garbage', s.browser(), '/list-sessions', { headers: { authorization: 'Bearer garbage' } });
  await s.step('bearer: sign out through the client', () => client.signOut());
  await s.step('bearer: session after sign-out', () => client.getSession());
  await withBearer('sign out the first session', '/sign-out', {}, { cookies: 'none' });
  await get('raw token after sign-out', `Bearer ${token}`);
  await s.raw('bearer: the cookie after sign-out', browser, '/get-session');
}

async function tokens(s) {
  const { browser, client } = await s.user('tokens');
  // The session's ids are known before a token repeats them.
  await s.step('session before the token', () => client.getSession());
  const { data } = await s.step('token', () => client.token());
  await s.step('jwks after the token', () => client.jwks());
  await s.raw('JWT as bearer', s.browser(), '/get-session', { headers: { authorization: `Bearer ${data.token}` } });
  await s.raw('JWT as bearer of a protected route', s.browser(), '/list-accounts', { headers: { authorization: `Bearer ${data.token}` } });
  await s.raw('JWT as cookie', s.browser(), '/get-session', { cookies: `${COOKIE}=${data.token}` });
  await s.raw('token by bearer', s.browser(), '/token', { headers: { authorization: 'Bearer garbage' } });
  await s.step('sign out under the token', () => client.signOut());
  await s.raw('JWT as bearer after sign-out', s.browser(), '/list-accounts', { headers: { authorization: `Bearer ${data.token}` } });
  await s.raw('token after sign-out', browser, '/token');
}

async function cookies(s) {
  const { browser, client, email, token } = await s.user('cookies');
  const good = await sessionCookie(browser);
  const value = good.slice(COOKIE.length + 1);
  const get = (name, header) => s.raw(`cookie: ${name}`, s.browser(), '/get-session', { cookies: header });
  await get('as set', good);
  await get('percent-decoded', decodeURIComponent(good));
  await get('in quotes', `${COOKIE}="${value}"`);
  await get('among others', `theme=dark; ${good}; lang=en`);
  await get('among others without blanks', `theme=dark;${good};lang=en`);
  await get('behind a flag without value', `flag; ${good}`);
  await get('first of two', `${good}; ${COOKIE}=garbage`);
  await get('second of two', `${COOKIE}=garbage; ${good}`);
  await get('behind an empty one', `${COOKIE}=; ${good}`);
  await get('with the secure prefix', `__Secure-${good}`);
  await get('name in capitals', `${COOKIE.toUpperCase()}=${value}`);
  await get('garbage', `${COOKIE}=garbage`);
  await get('empty', `${COOKIE}=`);
  await get('bad percent-encoding', `${COOKIE}=%zz`);
  await get('first character changed', `${COOKIE}=${value[0] === 'A' ? 'B' : 'A'}${value.slice(1)}`);
  await get('cut short', good.slice(0, -8));
  await get('something behind', `${good}x`);
  await get('a signature of nothing', `${COOKIE}=.${'A'.repeat(43)}%3D`);
  await get('stale session data beside it', `${good}; better-auth.session_data=stale`);
  await get('stale session data alone', 'better-auth.session_data=stale');
  await get('not-remembered flag that nobody set', `${good}; better-auth.dont_remember=true`);
  for (const query of [
    '?disableCookieCache=true',
    '?disableRefresh=true',
    '?disableRefresh=false',
    '?disableRefresh=',
    '?unknown=1',
    '?disableRefresh=1&disableRefresh=2',
  ]) {
    await s.raw(`get-session${query}`, browser, `/get-session${query}`);
  }
  await s.raw('cookie: garbage on a protected route', s.browser(), '/list-sessions', { cookies: `${COOKIE}=garbage` });
  await s.post('cookie: garbage at sign-out', s.browser(), '/sign-out', {}, { cookies: `${COOKIE}=garbage` });
  await s.step('sign out for dead cookies', () => client.signOut());
  await get('of a dead session', good);
  for (const path of ['/list-sessions', '/list-accounts', '/token'])
    await s.raw(`cookie: of a dead session on ${path}`, s.browser(), path, { cookies: good });
  for (const [path, json] of Object.entries({
    '/update-user': { name: 'x' },
    '/change-password': { currentPassword: PASSWORD, newPassword: PASSWORD },
    '/verify-password': { password: PASSWORD },
    '/revoke-session': { token },
    '/revoke-sessions': {},
    '/revoke-other-sessions': {},
    '/sign-out': {},
  })) {
    await s.post(`cookie: of a dead session on ${path}`, s.browser(), path, json, { cookies: good });
  }
  await s.post('cookie: of a dead session at sign-in', s.browser(), '/sign-in/email', { email, password: PASSWORD }, { cookies: good });
  await s.post(
    'cookie: of a dead session at a refused sign-in',
    s.browser(),
    '/sign-in/email',
    { email, password: 'wrong password' },
    { cookies: good },
  );
}

const FETCH = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
const NAVIGATION = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

async function origins(s) {
  const { email } = await s.user('origins');
  const good = { email, password: PASSWORD };
  const request = (name, path, json, options) =>
    s.post(`origin: ${path}, ${name}`, s.browser(), path, json, { cookies: 'none', metadata: 'none', origin: 'none', ...options });

  // Routes that change something, with any cookie at all.
  const out = (name, options) => request(name, '/sign-out', {}, { cookies: 'theme=dark', ...options });
  await out('cookie and no origin', {});
  await out('cookie and null origin', { origin: 'null' });
  await out('cookie and null origin, same-origin', { origin: 'null', metadata: { ...FETCH, 'sec-fetch-site': 'same-origin' } });
  await out('cookie and null origin, same-site', { origin: 'null', metadata: FETCH });
  await out('cookie and no origin, same-origin', { metadata: { ...FETCH, 'sec-fetch-site': 'same-origin' } });
  await out('cookie and foreign origin', { origin: 'https://evil.example' });
  await out('cookie and the page', { origin: PAGE });
  await out('cookie and own origin', { origin: s.origin });
  await out('cookie and exact origin', { origin: 'https://app.example.net' });
  await out('cookie and subdomain of the wildcard', { origin: 'https://a.example.com' });
  await out('cookie and sub-subdomain of the wildcard', { origin: 'https://a.b.example.com' });
  for (const origin of [
    'https://example.com',
    'http://a.example.com',
    'https://a.example.com.evil.example',
    'https://evil-example.com',
    'https://a.example.com:8443',
    'https://app.example.net:8443',
    'http://app.example.net',
    'https://app.example.net.evil.example',
    'https://evil.example/.example.com',
    'https://sub.app.example.net',
    'http://127.0.0.1:3001',
    'http://localhost:3000',
    'https://127.0.0.1:3000',
    'garbage',
    '*',
    'file://',
  ]) {
    await out(`cookie and origin ${origin}`, { origin });
  }
  await out('cookie, origin in capitals', { origin: 'HTTPS://APP.EXAMPLE.NET' });
  await out('cookie, referer of the page', { headers: { referer: `${PAGE}/some/page?x=1` } });
  await out('cookie, foreign referer', { headers: { referer: 'https://evil.example/page' } });
  await out('cookie, own page in the query of a foreign referer', { headers: { referer: `https://evil.example/?${PAGE}` } });
  await out('cookie, foreign origin, good referer', { origin: 'https://evil.example', headers: { referer: `${PAGE}/` } });
  await out('cookie, good origin, foreign referer', { origin: PAGE, headers: { referer: 'https://evil.example/' } });
  await out('cookie, null origin, good referer', { origin: 'null', headers: { referer: `${PAGE}/` } });
  await out('cookie, garbage for a referer', { headers: { referer: 'garbage' } });
  await out('cookie, cross-site navigation from a good origin', { origin: PAGE, metadata: NAVIGATION });
  await out('no cookie, foreign origin', { cookies: 'none', origin: 'https://evil.example' });
  await out('no cookie, no origin', { cookies: 'none' });
  await out('no cookie, no origin, fetch metadata', { cookies: 'none', metadata: FETCH });
  await out('no cookie, foreign, cross-site navigation', { cookies: 'none', origin: 'https://evil.example', metadata: NAVIGATION });

  // Signing in and up: login CSRF has no cookie to go by.
  for (const [path, json] of [
    ['/sign-in/email', good],
    ['/sign-up/email', { ...good, name: 'Again' }],
  ]) {
    const login = (name, options) => request(name, path, json, options);
    await login('nothing at all', {});
    await login('foreign origin', { origin: 'https://evil.example' });
    await login('null origin', { origin: 'null' });
    await login('the page', { origin: PAGE });
    await login('foreign referer', { headers: { referer: 'https://evil.example/' } });
    await login('referer of the page', { headers: { referer: `${PAGE}/login` } });
    await login('fetch metadata and no origin', { metadata: FETCH });
    await login('only the mode and no origin', { metadata: { 'sec-fetch-mode': 'cors' } });
    await login('fetch metadata and the page', { origin: PAGE, metadata: FETCH });
    await login('fetch metadata and foreign origin', {
      origin: 'https://evil.example',
      metadata: { ...FETCH, 'sec-fetch-site': 'cross-site' },
    });
    await login('fetch metadata, null origin, same-origin', { origin: 'null', metadata: { ...FETCH, 'sec-fetch-site': 'same-origin' } });
    await login('fetch metadata, null origin, same-site', { origin: 'null', metadata: FETCH });
    await login('cross-site fetch from the page', { origin: PAGE, metadata: { ...FETCH, 'sec-fetch-site': 'cross-site' } });
    await login('cross-site navigation', { metadata: NAVIGATION });
    await login('cross-site navigation from the page', { origin: PAGE, metadata: NAVIGATION });
    await login('same-origin navigation from the page', { origin: PAGE, metadata: { ...NAVIGATION, 'sec-fetch-site': 'same-origin' } });
    await login('same-origin navigation without origin', { metadata: { ...NAVIGATION, 'sec-fetch-site': 'same-origin' } });
    await login('typed into the address bar', { metadata: { ...NAVIGATION, 'sec-fetch-site': 'none' } });
    await login('cookie and no origin', { cookies: 'theme=dark' });
    await login('cookie and foreign origin', { cookies: 'theme=dark', origin: 'https://evil.example' });
    await login('cookie and the page', { cookies: 'theme=dark', origin: PAGE });
    await login('cookie, cross-site navigation from the page', { cookies: 'theme=dark', origin: PAGE, metadata: NAVIGATION });
    await s.post(`origin: ${path}, foreign origin and a bad body`, s.browser(), path, {}, { origin: 'https://evil.example' });
    await s.post(
      `origin: ${path}, cookie, foreign origin and a bad body`,
      s.browser(),
      path,
      {},
      { origin: 'https://evil.example', cookies: 'theme=dark' },
    );
    await s.raw(`origin: ${path}, cookie, foreign origin and no JSON`, s.browser(), path, {
      method: 'POST',
      body: '{',
      headers: JSON_TYPE,
      origin: 'https://evil.example',
      cookies: 'theme=dark',
    });
  }
  await s.raw('origin: get-session with cookie from a foreign origin', s.browser(), '/get-session', {
    origin: 'https://evil.example',
    cookies: 'theme=dark',
  });
  await request('cookie, foreign origin, not signed in', '/update-user', {}, { cookies: 'theme=dark', origin: 'https://evil.example' });
}

async function redirectTargets(s) {
  const browser = s.browser();
  const target = (url, key = 'callbackURL') =>
    s.post(`redirect target ${key} ${JSON.stringify(url)}`, browser, '/sign-out', { [key]: url });
  for (const url of [
    '/',
    '/dashboard',
    '/a/b?c=d#e',
    '/a?next=%2Fb',
    '/a?next=//evil.example',
    '/a?next=https://evil.example',
    '/a#//b',
    '/ä',
    '/a b',
    '/..',
    '/.',
    '',
  ])
    await target(url);
  for (const url of [
    'relative',
    './relative',
    '../relative',
    '?query',
    '#fragment',
    ' /',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\evil.example',
    '/a\\b',
    '/%2fevil.example',
    '/%2F',
    '/a%5cb',
    '/%5C',
    '/\tevil',
    '/\nevil',
    '/\r\nevil',
    '/\u0000',
    '/\u007f',
    '/\u0085',
    '/a//b',
  ]) {
    await target(url);
  }
  for (const url of [
    `${PAGE}/done`,
    PAGE,
    `${s.origin}/done`,
    'https://app.example.net',
    'https://app.example.net/x?y=z',
    'https://a.example.com/x',
    'HTTPS://APP.EXAMPLE.NET/',
  ])
    await target(url);
  for (const url of [
    'https://evil.example',
    'https://evil.example/https://app.example.net',
    'http://127.0.0.1:3000@evil.example',
    'http://127.0.0.1:3000:x@evil.example',
    'https://app.example.net@evil.example/',
    'https://app.example.net.evil.example',
    'https://app.example.net:8443/',
    'http://app.example.net/',
    'https://example.com',
    'https://evil.example#.example.com',
    'https://evil.example\\.example.com',
    'https://evil.example?.example.com',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'mailto:a@example.com',
    'myapp://callback',
    'file:///etc/passwd',
    'blob:https://app.example.net/x',
    'http:',
    'https://',
    'garbage:',
  ]) {
    await target(url);
  }
  for (const key of ['redirectTo', 'errorCallbackURL', 'newUserCallbackURL']) {
    await target('/fine', key);
    await target('https://evil.example', key);
    await target(5, key);
    await target(null, key);
  }
  for (const url of [5, true, {}, [], null, 0, false, ['/a']]) await target(url);
  await s.post('redirect target in the query', browser, '/sign-out?callbackURL=https%3A%2F%2Fevil.example', {});
  await s.post('good redirect target in the query', browser, '/sign-out?callbackURL=%2Ffine', {});
  await s.post('good redirect target in the body, bad in the query', browser, '/sign-out?callbackURL=https%3A%2F%2Fevil.example', {
    callbackURL: '/fine',
  });
  await s.post('two redirect targets in the query', browser, '/sign-out?callbackURL=%2Fa&callbackURL=%2Fb', {});
  await s.post('two empty redirect targets in the query', browser, '/sign-out?callbackURL=&callbackURL=', {});
  await s.post('two redirect targets in the query, one in the body', browser, '/sign-out?callbackURL=%2Fa&callbackURL=%2Fb', {
    callbackURL: '/fine',
  });
  await s.post('two redirect targets of another name in the query', browser, '/sign-out?redirectTo=%2Fa&redirectTo=%2Fb', {});
  await s.post('redirectTo in the query', browser, '/sign-out?redirectTo=https%3A%2F%2Fevil.example', {});
  await s.post('two bad redirect targets', browser, '/sign-out', {
    newUserCallbackURL: 'https://evil.example',
    redirectTo: 'https://evil.example',
  });
  await s.post(
    'bad redirect target and foreign origin',
    browser,
    '/sign-out',
    { callbackURL: 'https://evil.example' },
    { cookies: 'theme=dark', origin: 'https://evil.example' },
  );
  await s.post('bad redirect target at sign-in', browser, '/sign-in/email', {
    email: 'plain',
    password: 'x',
    callbackURL: 'https://evil.example',
  });
  await s.post('bad redirect target at sign-up', browser, '/sign-up/email', { callbackURL: '//evil.example' });
  await s.post('bad redirect target on a protected route', browser, '/update-user', { callbackURL: 'https://evil.example' });
  await s.raw('bad redirect target of a read', browser, '/get-session?callbackURL=https%3A%2F%2Fevil.example');
  await s.raw('redirect target in a form', browser, '/sign-in/email', {
    method: 'POST',
    body: 'email=a&password=b&callbackURL=https%3A%2F%2Fevil.example',
    headers: FORM_TYPE,
  });
}

/** Routes of our plain dialect that the original server does not have. */
async function plainDialect(s) {
  const browser = s.browser();
  await s.post('plain dialect: signup', browser, '/signup', {});
  await s.post('plain dialect: login', browser, '/login', {});
  await s.raw('plain dialect: me', browser, '/me');
  await s.post('plain dialect: logout', browser, '/logout', {});
  await s.post('plain dialect: forgot-password', browser, '/forgot-password', {});
  await s.post('plain dialect: verify-email', browser, '/verify-email', {});
  await s.post('plain dialect: reset-password', browser, '/reset-password', { code: 'x', password: PASSWORD });
  await s.raw('plain dialect: export', browser, '/export');
}

/** Features of the original server that are off, or need a provider to work. */
async function notOffered(s) {
  const { browser } = await s.user('features');
  await s.post('update-session', browser, '/update-session', { theme: 'dark' });
  await s.post('not offered: sign-in/social', browser, '/sign-in/social', { provider: 'github' });
  await s.raw('not offered: callback', browser, '/callback/github?code=x&state=y');
  await s.post('not offered: link-social', browser, '/link-social', { provider: 'github' });
  await s.post('not offered: unlink-account', browser, '/unlink-account', { accountId: 'x' });
  await s.post('not offered: get-access-token', browser, '/get-access-token', { accountId: 'x' });
  await s.post('not offered: refresh-token', browser, '/refresh-token', { accountId: 'x' });
  await s.raw('not offered: account-info', browser, '/account-info?accountId=x');
}
