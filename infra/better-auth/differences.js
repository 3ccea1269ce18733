/**
 * Where our backend means to differ from the original server, and why. `compare.test.js` lets nothing else pass, and fails
 * on an entry that no longer holds.
 *
 * An entry of `differences` names the steps it applies to (all, if it names none), the place in the step, and what either
 * server has there: a value, a pattern for a string, or `undefined` for nothing. Every named step must show the difference.
 * An entry of `forms` is about what the transcript masks: the form of random values.
 *
 * @typedef {object} Difference
 * @property {string} reason
 * @property {string[]} [steps]
 * @property {RegExp} path
 * @property {unknown} reference
 * @property {unknown} subject
 */

import { PAGE } from './subject.js';

const ID = /^<id .+>$/;
const TOKEN = /^<token .+>$/;
const INVALID_TOKEN = { code: 'INVALID_TOKEN', message: 'Invalid token' };

/** A response that says "there is no such route". */
const NO_ROUTE = { status: 404, headers: {}, setCookie: [], body: '' };

/** A part of a larger object: only these members are looked at. */
export class Including {
  constructor(members) {
    this.members = members;
  }
}

/** What takes back the cookies of a session. */
const CLEARED = ['session_token', 'session_data', 'dont_remember'].map(
  (name) => `better-auth.${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
);

/** The same from our backend, whose answers also say that they are not to be cached. */
const OUR_NO_ROUTE = new Including({
  status: 404,
  headers: new Including({ 'content-type': undefined }),
  setCookie: [],
  body: '',
});

/** @type {Difference[]} */
export const differences = [
  {
    reason: 'Answers with tokens or personal data are never to be cached; the original server says so for /get-session only.',
    path: /^exchanges\.\d+\.response\.headers\.cache-control$/,
    reference: undefined,
    subject: 'no-store',
  },
  {
    reason: 'Who verifies tokens may keep the published keys for five minutes.',
    steps: ['jwks', 'jwks after the token', 'keys of a careful server'],
    path: /^exchanges\.\d+\.response\.headers\.cache-control$/,
    reference: undefined,
    subject: 'public, max-age=300',
  },
  {
    reason: 'A JWT names its session, so that it can end with it.',
    path: /\.payload\.sid$/,
    reference: undefined,
    subject: '<session id>',
  },
  {
    reason:
      'That a session is not to be remembered is kept with the session, not only in a cookie: a bearer does not stretch it ' +
      'from a day to a week, and the session that replaces it after a password change is no longer either.',
    steps: ['session of one not remembered by bearer', 'session of one not remembered after the password change'],
    path: /\.session\.expiresAt$/,
    reference: /^<(date|Date)> 604800 s after createdAt$/,
    subject: /^<(date|Date)> 86400 s after createdAt$/,
  },
  {
    reason: 'The same: no refresh, so no new cookie.',
    steps: ['session of one not remembered by bearer'],
    path: /^exchanges\.0\.response\.(setCookie\.0|headers\.set-auth-token)$/,
    reference: /<token .+>/,
    subject: undefined,
  },
  {
    reason: 'A password has at most 128 characters, not UTF-16 units: what the plain dialect sets signs in here.',
    steps: ['sign up refused: password of 65 emoji'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 400, body: new Including({ code: 'PASSWORD_TOO_LONG' }) }),
    subject: new Including({ status: 200, body: new Including({ user: new Including({ id: ID }) }) }),
  },
  {
    reason: 'What everybody chooses is what is tried first: the most common passwords cannot be set. Who has one signs in with it.',
    steps: ['sign up with a common password'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'PASSWORD_COMPROMISED' }) }),
  },
  {
    reason: 'Of several cookies of the name the first that verifies counts: another application of the domain may have set one too.',
    steps: ['cookie: second of two', 'cookie: behind an empty one'],
    path: /^exchanges\.0\.response\.body$/,
    reference: null,
    subject: new Including({ session: new Including({ id: ID, userId: ID }), user: new Including({ id: ID }) }),
  },
  {
    reason: 'The same, so the answer carries a JWT as every signed-in one does.',
    steps: ['cookie: second of two', 'cookie: behind an empty one'],
    path: /^exchanges\.0\.response\.headers\.set-auth-jwt$/,
    reference: undefined,
    subject: new Including({ header: new Including({ alg: 'EdDSA' }) }),
  },
  {
    reason: 'An e-mail address has at most 255 characters.',
    steps: ['sign up with an address of 256 characters'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'VALIDATION_ERROR' }) }),
  },
  {
    reason: 'A name has at most 100 characters and an image 2,000: both are in tokens, tokens are in headers, and headers have limits.',
    steps: ['sign up with a name of 101 characters', 'sign up with an image of 2001 characters'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'VALIDATION_ERROR' }) }),
  },
  {
    reason: 'A name holds no control characters but tab, line feed and carriage return: they show as nothing, and terminals obey them.',
    steps: ['sign up with a control character in the name'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'VALIDATION_ERROR' }) }),
  },
  {
    reason: 'A domain may end with a name in another script, as the domain name system writes it.',
    steps: ['sign in with an address of another script'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 400, body: new Including({ code: 'INVALID_EMAIL' }) }),
    subject: new Including({ status: 401, body: new Including({ code: 'INVALID_EMAIL_OR_PASSWORD' }) }),
  },
  {
    reason: 'A URI is ASCII; the body has the URL as it was sent.',
    steps: ['sign in with a callback in another script'],
    path: /^exchanges\.0\.response\.headers\.location$/,
    reference: '/ä',
    subject: '/%C3%A4',
  },
  {
    reason: 'A place to go on to is repeated in a header, and headers have limits.',
    steps: [
      'sign in with a callback of 2001 characters',
      'sign up, and be led too far',
      'ask for a reset that leads too far',
      'ask to verify, and be led too far',
      'change the address, and be led too far',
      'delete, and be led too far',
    ],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'VALIDATION_ERROR' }) }),
  },
  {
    reason: 'The same of what the error page is told.',
    steps: ['error page with a code of 401 characters', 'error page with a description of 401 characters'],
    path: /^exchanges\.0\.response\.headers\.location$/,
    reference: /=x{401}$/,
    subject: /^\/\?error=(UNKNOWN|x&error_description=x{400})$/,
  },
  {
    reason: 'A body has a depth at which it ends.',
    steps: ['body of a sign-in: JSON nested 129 levels deep'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 400, setCookie: [], body: new Including({ code: 'BAD_REQUEST' }) }),
  },
  {
    reason: 'A body that is said to be compressed is not read as if it were not.',
    steps: ['body of a sign-in: JSON said to be compressed'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200 }),
    subject: new Including({ status: 415, setCookie: [], body: new Including({ code: 'UNSUPPORTED_MEDIA_TYPE' }) }),
  },
  {
    reason: 'An array is no string, and that is all there is to say: the length of an array in place of a password is no second error.',
    steps: ['sign up refused: password is array'],
    path: /^exchanges\.0\.response\.body\.message$/,
    reference:
      '[body.password] Invalid input: expected string, received array; [body.password] Too small: expected array to have >=1 items',
    subject: '[body.password] Invalid input: expected string, received array',
  },
  {
    reason: 'The plain dialect lives under the same path.',
    steps: ['plain dialect: signup', 'plain dialect: login', 'plain dialect: forgot-password', 'plain dialect: verify-email'],
    path: /^exchanges\.0\.response$/,
    reference: NO_ROUTE,
    subject: new Including({ status: 422 }),
  },
  {
    reason: 'The plain dialect lives under the same path.',
    steps: ['plain dialect: me', 'plain dialect: logout', 'plain dialect: export'],
    path: /^exchanges\.0\.response$/,
    reference: NO_ROUTE,
    subject: new Including({ status: 401 }),
  },
  {
    reason: 'The plain dialect has a POST under this path, so it says which methods there are.',
    steps: ['HEAD /verify-email?token=x is no route'],
    path: /^exchanges\.0\.response$/,
    reference: NO_ROUTE,
    subject: new Including({ status: 405, setCookie: [], body: '' }),
  },
  {
    reason: 'A reset of the plain dialect has the same path, and a `code` where this one has a token.',
    steps: ['plain dialect: reset-password'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 400, body: new Including({ code: 'VALIDATION_ERROR' }) }),
    subject: new Including({ status: 400, headers: new Including({ 'content-type': 'application/problem+json' }) }),
  },
  {
    reason:
      'A reset ends every session: whoever had the password, or made the account with an address that was not theirs, is out. ' +
      'The original leaves all of them alive.',
    steps: ['session after the reset'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ body: new Including({ session: new Including({ id: ID }) }) }),
    subject: new Including({ body: null, setCookie: CLEARED }),
  },
  {
    reason: 'The same, as the client has it.',
    steps: ['session after the reset'],
    path: /^result\.data$/,
    reference: new Including({ session: new Including({ id: ID }) }),
    subject: null,
  },
  {
    reason: 'A reset proves the mailbox, so the address counts as verified. The original asks for the same proof again.',
    steps: ['sign in after the reset'],
    path: /\.user\.emailVerified$/,
    reference: false,
    subject: true,
  },
  {
    reason: 'The same, where signing in takes a verified address: who has just proven the mailbox is let in.',
    steps: ['sign in after a reset before the verification'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 403, body: new Including({ code: 'EMAIL_NOT_VERIFIED' }) }),
    subject: new Including({ status: 200, body: new Including({ user: new Including({ id: ID, emailVerified: true }) }) }),
  },
  {
    reason: 'The same, as the client has it.',
    steps: ['sign in after a reset before the verification'],
    path: /^result$/,
    reference: new Including({ data: null }),
    subject: new Including({ data: new Including({ token: TOKEN }), error: null }),
  },
  {
    reason: 'A link to reset dies with the password: neither an older mail nor one that somebody else had asked for sets another.',
    steps: ['reset with another link', 'reset after a change of password'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200, body: { status: true } }),
    subject: new Including({ status: 400, setCookie: [], body: INVALID_TOKEN }),
  },
  {
    reason:
      'A link to change the address dies when sessions are revoked, for it may have been asked for in one of them; and the new ' +
      'address has to be free when the link is used. The original gives two users one address.',
    steps: ['follow the link of a change after sessions were revoked', 'follow the link of a change to a taken address'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 200, body: new Including({ status: true, user: new Including({ id: ID }) }) }),
    subject: new Including({ status: 401, setCookie: [], body: INVALID_TOKEN }),
  },
  {
    reason: 'Of those, what the client has.',
    steps: [
      'reset with another link',
      'reset after a change of password',
      'follow the link of a change after sessions were revoked',
      'follow the link of a change to a taken address',
    ],
    path: /^result$/,
    reference: new Including({ data: new Including({ status: true }), error: null }),
    subject: new Including({ data: null, error: new Including(INVALID_TOKEN) }),
  },
  {
    reason: 'A link of an account that is gone, or of an address that it had, is as dead as any other. What became of either is not said.',
    steps: ['reset after the deletion'],
    path: /^(exchanges\.0\.response\.body|result\.error)$/,
    reference: new Including({ code: 'USER_NOT_FOUND' }),
    subject: new Including(INVALID_TOKEN),
  },
  {
    reason: 'The same.',
    steps: ['verify the former address', 'verify the former address after a change at once'],
    path: /^exchanges\.0\.response\.headers\.location$/,
    reference: '/?error=USER_NOT_FOUND',
    subject: '/?error=INVALID_TOKEN',
  },
  {
    reason:
      'A link that signs in takes nobody out of the account they are signed in to. In the original it does: an attacker sends a ' +
      'link of their own account, and people write into that.',
    steps: ['verify while signed in as somebody else'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 302, headers: new Including({ 'set-auth-token': TOKEN, location: '/' }) }),
    subject: new Including({ status: 302, headers: new Including({ 'set-auth-token': undefined, location: '/' }), setCookie: [] }),
  },
  {
    reason: 'The same: whose session it is afterwards.',
    steps: ['session after a verification of somebody else'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ body: new Including({ user: new Including({ name: 'trusting-third' }) }) }),
    subject: new Including({ body: new Including({ user: new Including({ name: 'Trusting' }) }) }),
  },
  {
    reason: 'A link that somebody else tried still works for whom it was sent to. The original has used it up.',
    steps: ['delete with the own token after somebody else tried'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 404, setCookie: [], body: INVALID_TOKEN }),
    subject: new Including({ status: 200, setCookie: CLEARED, body: { message: 'User deleted', success: true } }),
  },
  {
    reason: 'The same, as the client has it.',
    steps: ['delete with the own token after somebody else tried'],
    path: /^result$/,
    reference: new Including({ data: null, error: new Including(INVALID_TOKEN) }),
    subject: { data: { message: 'User deleted', success: true }, error: null },
  },
  {
    reason:
      'Who signs up with an address that has an account is answered as if it had none, and its owner is sent a link that takes the ' +
      'account over. In the original, whoever signs up first keeps the owner out.',
    steps: ['links of an address that signed up twice'],
    path: /^result\.1$/,
    reference: undefined,
    subject: {
      to: 'twice-<run>@example.com',
      url: `<origin>/api/auth/reset-password/<mail token>?callbackURL=${encodeURIComponent(`${PAGE}/reset-password`)}`,
    },
  },
  {
    reason:
      'The same: from then on, the link of the first sign-up verifies nothing. It would sign people in to an account with the password of somebody else.',
    steps: ['verify an address that signed up twice'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ status: 302, headers: new Including({ location: '/', 'set-auth-token': TOKEN }) }),
    subject: new Including({
      status: 302,
      headers: new Including({ location: '/?error=INVALID_TOKEN', 'set-auth-token': undefined }),
      setCookie: [],
    }),
  },
  {
    reason: 'The same: nobody is signed in.',
    steps: ['session of who signed up first'],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ body: new Including({ session: new Including({ id: ID }) }) }),
    subject: new Including({ body: null }),
  },
  {
    reason: 'Features that need an OAuth provider: no route at all.',
    steps: [
      'not offered: sign-in/social',
      'not offered: callback',
      'not offered: link-social',
      'not offered: unlink-account',
      'not offered: get-access-token',
      'not offered: refresh-token',
      'not offered: account-info',
    ],
    path: /^exchanges\.0\.response$/,
    reference: new Including({ headers: new Including({ 'content-type': 'application/json' }) }),
    subject: OUR_NO_ROUTE,
  },
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SIGNED = /^[A-Za-z0-9]{32}\.[A-Za-z0-9+/]{43}=$/;

/**
 * What a sign-up gives, unmasked: `token` and `userId` of the body, `cookie` percent-decoded, `header` set-auth-token.
 * @type {{name: string, reason: string, reference: (raw: Record<string, string>) => boolean, subject: (raw: Record<string, string>) => boolean}[]}
 */
export const forms = [
  {
    name: 'session token',
    reason: 'It says which session it belongs to and proves it, so no table needs to hold it and no index needs to find it.',
    reference: ({ token }) => /^[A-Za-z0-9]{32}$/.test(token),
    subject: ({ token }) => /^[\w-]{43,}$/.test(token),
  },
  {
    name: 'cookie',
    reason: 'The token proves itself; a signature behind it would prove nothing more.',
    reference: ({ token, cookie }) => SIGNED.test(cookie) && cookie.startsWith(`${token}.`),
    subject: ({ token, cookie }) => cookie === token,
  },
  {
    name: 'set-auth-token',
    reason: 'The same.',
    reference: ({ token, header }) => SIGNED.test(header) && header.startsWith(`${token}.`),
    subject: ({ token, header }) => header === token,
  },
  {
    name: 'user id',
    reason: 'Ids are UUIDs, in both dialects.',
    reference: ({ userId }) => /^[A-Za-z0-9]{32}$/.test(userId),
    subject: ({ userId }) => UUID.test(userId),
  },
];
