/**
 * The chapters of the scenario in which mails are sent: a password that was forgotten, addresses that are proven and changed,
 * accounts that are deleted. For each of `configurations.js` there are those that it makes a difference to.
 */
import { PASSWORD } from './fixtures.js';
import { tokenOf } from './mailbox.js';
import { PAGE } from './subject.js';

const NEW_PASSWORD = 'another horse battery';

/** Signs in from another browser. */
async function device(s, name, email, password = PASSWORD) {
  const browser = s.browser();
  const client = s.client(browser);
  await s.step(name, () => client.signIn.email({ email, password }));
  return { browser, client };
}

async function recovery(s) {
  const { browser, client, email } = await s.user('recover');
  await s.step('ask for a reset', () => client.requestPasswordReset({ email, redirectTo: `${PAGE}/reset?x=1#h` }));
  await s.step('ask for a reset of nobody', () => client.requestPasswordReset({ email: s.email('nobody'), redirectTo: '/reset' }));
  await s.post('ask for a reset of no address', browser, '/request-password-reset', { email: 'nobody' });
  await s.post('ask for a reset that leads elsewhere', browser, '/request-password-reset', { email, redirectTo: 'https://evil.example' });
  await s.post('ask for a reset that leads to a number', browser, '/request-password-reset', { email, redirectTo: 5 });
  const link = await s.link(email);
  const token = tokenOf(link);
  await s.step('ask for a reset again, in capitals', () => client.requestPasswordReset({ email: email.toUpperCase() }));
  const other = tokenOf(await s.link(email, 2));
  await s.links('links of resets', email, 2);
  await s.raw('follow the link of a reset', browser, link);
  await s.raw('follow the link of a reset again', browser, link);
  await s.raw('follow the link of a reset to a path', browser, `/reset-password/${token}?callbackURL=%2Freset%3Fx%3D1`);
  await s.raw('follow the link of a reset elsewhere', browser, `/reset-password/${token}?callbackURL=https%3A%2F%2Fevil.example`);
  await s.raw('follow the link of a reset to nowhere', browser, `/reset-password/${token}?callbackURL=`);
  await s.raw('follow the link of a reset without a place', browser, `/reset-password/${token}`);
  await s.raw('follow the link of a reset that nobody sent', browser, '/reset-password/x?callbackURL=%2Freset');
  await s.raw('follow the link of a reset that nobody sent elsewhere', browser, '/reset-password/x?callbackURL=https%3A%2F%2Fevil.example');
  await s.post('reset without a token', browser, '/reset-password', { newPassword: NEW_PASSWORD });
  await s.post('reset without a password', browser, '/reset-password', { token });
  await s.post('reset with a token that nobody sent', browser, '/reset-password', { newPassword: NEW_PASSWORD, token: 'x' });
  await s.post('reset to a short password', browser, '/reset-password', { newPassword: 'short', token });
  await s.post('reset to a short password with a token that nobody sent', browser, '/reset-password', { newPassword: 'short', token: 'x' });
  await s.post('reset to a long password', browser, '/reset-password', { newPassword: 'x'.repeat(129), token });
  await s.post(
    'reset from a foreign origin with a cookie',
    browser,
    '/reset-password',
    { newPassword: NEW_PASSWORD, token },
    {
      origin: 'https://evil.example',
    },
  );
  await s.raw('verify with the token of a reset', browser, `/verify-email?token=${token}`);
  await s.post('delete with the token of a reset', browser, '/delete-user', { token });
  await s.step('reset', () => client.resetPassword({ newPassword: NEW_PASSWORD, token }));
  await s.step('reset again', () => client.resetPassword({ newPassword: NEW_PASSWORD, token }));
  await s.raw('follow the link of a reset that was made', browser, link);
  await s.step('session after the reset', () => client.getSession());
  await s.step('reset with another link', () => client.resetPassword({ newPassword: NEW_PASSWORD, token: other }));
  await s.step('sign in after the reset with the old password', () => client.signIn.email({ email, password: PASSWORD }));
  await s.step('sign in after the reset', () => client.signIn.email({ email, password: NEW_PASSWORD }));
  await s.step('ask for a reset while signed in', () => client.requestPasswordReset({ email }));
  const last = tokenOf(await s.link(email, 3));
  await s.step('reset with the token in the query', () =>
    browser.send(`/api/auth/reset-password?token=${last}`, { method: 'POST', json: { newPassword: PASSWORD } }),
  );
}

async function recoveryOvertaken(s) {
  const { client, email } = await s.user('overtaken');
  await s.step('ask for a reset that is overtaken', () => client.requestPasswordReset({ email }));
  const token = tokenOf(await s.link(email));
  await s.step('change the password while a reset is asked for', () =>
    client.changePassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
  );
  await s.step('reset after a change of password', () => client.resetPassword({ newPassword: PASSWORD, token }));
}

async function verification(s) {
  const { browser, client, email } = await s.user('verify');
  await s.step('ask to verify', () => client.sendVerificationEmail({ email, callbackURL: '/welcome' }));
  await s.step('ask to verify an address of nobody', () => client.sendVerificationEmail({ email: s.email('nobody') }));
  await s.step('ask to verify while signed out', () => s.client(s.browser()).sendVerificationEmail({ email: s.email('nobody') }));
  await s.step('ask to verify the own address while signed out', () =>
    s.client(s.browser()).sendVerificationEmail({ email: email.toUpperCase() }),
  );
  await s.post('ask to verify no address', browser, '/send-verification-email', { email: 'nobody' });
  await s.post('ask to verify, and be led elsewhere', browser, '/send-verification-email', { email, callbackURL: 'https://evil.example' });
  await s.links('links to verify', email, 2);
  const link = await s.link(email, 2);
  const token = tokenOf(link);
  await s.post('reset with the token of a verification', browser, '/reset-password', { newPassword: NEW_PASSWORD, token });
  await s.post('delete with the token of a verification', browser, '/delete-user', { token });
  await s.raw('verify', browser, link);
  await s.raw('verify again', browser, link);
  await s.raw('verify without a place', browser, `/verify-email?token=${token}`);
  await s.step('verify by the client', () => client.verifyEmail({ query: { token } }));
  await s.step('session after the verification', () => client.getSession());
  await s.step('ask to verify what is verified', () => client.sendVerificationEmail({ email }));
  await s.step('ask to verify what is verified while signed out', () => s.client(s.browser()).sendVerificationEmail({ email }));
  await s.raw('verify without a token', browser, '/verify-email');
  await s.raw('verify with a token that nobody sent', browser, '/verify-email?token=x');
  await s.raw('verify with a token that nobody sent, to a place', browser, '/verify-email?token=x&callbackURL=%2Fa%3Fb%3D1%23h');
  await s.raw(
    'verify with a token that nobody sent, to the page',
    browser,
    `/verify-email?token=x&callbackURL=${encodeURIComponent(`${PAGE}/a?b=1#h`)}`,
  );
  await s.raw('verify, and be led elsewhere', browser, '/verify-email?token=x&callbackURL=https%3A%2F%2Fevil.example');
  await s.links('links to verify, in the end', email, 2);
}

async function changeOfEmail(s) {
  const { browser, client, email } = await s.user('move');
  const newEmail = s.email('moved');
  await s.step('change the address to the same', () => client.changeEmail({ newEmail: email }));
  await s.step('change the address to the same in capitals', () => client.changeEmail({ newEmail: email.toUpperCase() }));
  await s.step('change the address to a taken one', () => client.changeEmail({ newEmail: s.email('verify') }));
  await s.post('change the address to none', browser, '/change-email', { newEmail: 'nobody' });
  await s.post('change the address, and be led elsewhere', browser, '/change-email', { newEmail, callbackURL: 'https://evil.example' });
  await s.post('change the address while signed out', s.browser(), '/change-email', { newEmail });
  await s.step('change the address', () => client.changeEmail({ newEmail: newEmail.toUpperCase(), callbackURL: '/settings' }));
  await s.step('session before the change', () => client.getSession());
  await s.step('ask to verify before the change', () => client.sendVerificationEmail({ email }));
  const verification = await s.link(email);
  const link = await s.link(newEmail);
  await s.links('links of a change', newEmail, 1);
  const stranger = await s.user('move-stranger');
  await s.raw('follow the link of a change as somebody else', stranger.browser, link);
  await s.raw('follow the link of a change as somebody else without a place', stranger.browser, `/verify-email?token=${tokenOf(link)}`);
  await s.raw('follow the link of a change', browser, link);
  await s.step('session after the change', () => client.getSession());
  await s.raw('follow the link of a change again', browser, link);
  await s.raw('verify the former address', browser, verification);
  await s.step('sign in with the former address', () => client.signIn.email({ email, password: PASSWORD }));
  await s.step('sign in with the new address', () => client.signIn.email({ email: newEmail, password: PASSWORD }));
  await s.step('sign up with the former address', () => s.client(s.browser()).signUp.email({ name: 'Next', email, password: PASSWORD }));
}

async function changeOfVerifiedEmail(s) {
  const { browser, client, email } = await s.user('move-verified');
  const newEmail = s.email('moved-verified');
  await s.step('ask to verify what will change', () => client.sendVerificationEmail({ email }));
  await s.raw('verify what will change', browser, await s.link(email));
  await s.step('change a verified address', () => client.changeEmail({ newEmail }));
  const token = tokenOf(await s.link(newEmail));
  await s.step('follow the link of a change while signed out', () => s.client(s.browser()).verifyEmail({ query: { token } }));
  await s.step('session after the change of a verified address', () => client.getSession());
  // Somebody else takes the next address between the request and the link.
  const taken = s.email('soon-taken');
  await s.step('change the address to one that is soon taken', () => client.changeEmail({ newEmail: taken }));
  const late = tokenOf(await s.link(taken));
  await s.step('sign up with the address meanwhile', () =>
    s.client(s.browser()).signUp.email({ name: 'Fast', email: taken, password: PASSWORD }),
  );
  await s.step('follow the link of a change to a taken address', () => client.verifyEmail({ query: { token: late } }));
}

async function changeOvertaken(s) {
  const { client } = await s.user('move-overtaken');
  const newEmail = s.email('moved-overtaken');
  await s.step('change an address before sessions are revoked', () => client.changeEmail({ newEmail }));
  const token = tokenOf(await s.link(newEmail));
  await s.step('revoke the other sessions while a change is asked for', () => client.revokeOtherSessions());
  await s.step('follow the link of a change after sessions were revoked', () => client.verifyEmail({ query: { token } }));
}

async function deletion(s) {
  const { browser, client, email } = await s.user('delete');
  const other = await device(s, 'sign in beside who is about to delete', email);
  await s.step('delete with a wrong password', () => client.deleteUser({ password: 'wrong' }));
  await s.post('delete with a password that is too long', browser, '/delete-user', { password: 'x'.repeat(129) });
  await s.post('delete with a token that nobody sent', browser, '/delete-user', { token: 'x' });
  await s.post('delete with a wrong password and a token that nobody sent', browser, '/delete-user', { password: 'wrong', token: 'x' });
  await s.post('delete, and be led elsewhere', browser, '/delete-user', { callbackURL: 'https://evil.example' });
  await s.post('delete with a number for a password', browser, '/delete-user', { password: 5 });
  await s.post('delete from a foreign origin', browser, '/delete-user', {}, { origin: 'https://evil.example' });
  await s.raw('follow the link of a deletion without a token', browser, '/delete-user/callback');
  await s.raw('follow the link of a deletion that nobody sent', browser, '/delete-user/callback?token=x&callbackURL=%2F');
  await s.raw('follow the link of a deletion elsewhere', browser, '/delete-user/callback?token=x&callbackURL=https%3A%2F%2Fevil.example');
  await s.raw('follow the link of a deletion while signed out', s.browser(), '/delete-user/callback?token=x');
  await s.step('ask for a reset before the deletion', () => client.requestPasswordReset({ email }));
  const token = tokenOf(await s.link(email));
  await s.step('delete', () => client.deleteUser({ password: PASSWORD }));
  await s.step('session after the deletion', () => client.getSession());
  await s.step('session of another browser after the deletion', () => other.client.getSession());
  await s.step('sign in after the deletion', () => client.signIn.email({ email, password: PASSWORD }));
  await s.step('reset after the deletion', () => client.resetPassword({ newPassword: NEW_PASSWORD, token }));
  await s.step('ask for a reset after the deletion', () => client.requestPasswordReset({ email }));
  await s.step('sign up after the deletion', () => client.signUp.email({ name: 'Next', email, password: PASSWORD }));
  const fresh = await s.user('delete-fresh');
  await s.step('delete while signed in a moment ago', () => fresh.client.deleteUser());
  await s.post('delete while signed out', s.browser(), '/delete-user', {});
  const pressed = await s.user('delete-twice');
  const cookies = (await pressed.browser.jar.getCookieString(s.origin)).toString();
  await s.post('delete without a body', pressed.browser, '/delete-user', undefined, { cookies });
  await s.post('delete again', pressed.browser, '/delete-user', {}, { cookies });
}

async function placesTooFar(s) {
  const { browser, email } = await s.user('too-far');
  const place = `/${'x'.repeat(2000)}`;
  await s.post('ask for a reset that leads too far', browser, '/request-password-reset', { email, redirectTo: place });
  await s.post('ask to verify, and be led too far', browser, '/send-verification-email', { email, callbackURL: place });
  await s.post('change the address, and be led too far', browser, '/change-email', {
    newEmail: s.email('too-far-off'),
    callbackURL: place,
  });
  await s.post('sign up, and be led too far', s.browser(), '/sign-up/email', {
    name: 'Far',
    email: s.email('farther'),
    password: PASSWORD,
    callbackURL: place,
  });
  await s.post('delete, and be led too far', browser, '/delete-user', { callbackURL: place });
}

export const usual = [
  recovery,
  recoveryOvertaken,
  verification,
  changeOfEmail,
  changeOfVerifiedEmail,
  changeOvertaken,
  deletion,
  placesTooFar,
];

async function verifiedSignUp(s) {
  const { browser, client, email } = await s.user('careful');
  await s.step('keys of a careful server', () => client.jwks());
  await s.step('session before the verification', () => client.getSession());
  await s.step('sign in before the verification with a wrong password', () => client.signIn.email({ email, password: 'wrong' }));
  await s.step('sign in before the verification', () => client.signIn.email({ email, password: PASSWORD, callbackURL: '/in' }));
  await s.links('links of a sign-up and a sign-in', email, 2);
  await s.raw('verify, and be signed in', browser, await s.link(email, 2));
  await s.step('session after a verification that signs in', () => client.getSession());
  const elsewhere = s.browser();
  await s.raw('verify again elsewhere', elsewhere, await s.link(email, 2));
  await s.step('session elsewhere after a verification that was made', () => s.client(elsewhere).getSession());
  await device(s, 'sign in after the verification', email);
}

async function verifiedByReset(s) {
  const { client, email } = await s.user('careful-reset');
  await s.step('ask for a reset before the verification', () => client.requestPasswordReset({ email }));
  const token = tokenOf(await s.link(email, 2));
  await s.step('reset before the verification', () => client.resetPassword({ newPassword: NEW_PASSWORD, token }));
  await s.step('sign in after a reset before the verification', () => client.signIn.email({ email, password: NEW_PASSWORD }));
}

/** A user whose address is proven. */
async function verifiedUser(s, name) {
  const user = await s.user(name);
  await s.raw(`verify ${name}`, user.browser, await s.link(user.email));
  return user;
}

async function confirmedChange(s) {
  const { browser, client, email } = await verifiedUser(s, 'agree');
  const newEmail = s.email('agreed');
  await s.step('change an address that has to agree to a taken one', () => client.changeEmail({ newEmail: s.email('careful') }));
  await s.step('change an address that has to agree', () => client.changeEmail({ newEmail, callbackURL: '/settings?tab=1' }));
  await s.links('links of an agreement', email, 2);
  const agreement = await s.link(email, 2);
  const stranger = await verifiedUser(s, 'agree-stranger');
  await s.raw('agree as somebody else', stranger.browser, agreement);
  await s.raw('agree', browser, agreement);
  await s.links('links after an agreement', newEmail, 1);
  const link = await s.link(newEmail);
  // Answered alike; the original sends another mail, of which nobody can say when it is there.
  await s.raw('agree again while signed out', s.browser(), `/verify-email?token=${tokenOf(agreement)}`);
  await s.step('sign in before the new address is taken', () =>
    s.client(s.browser()).signIn.email({ email: newEmail, password: PASSWORD }),
  );
  await s.raw('take the new address', browser, link);
  await s.step('session after the agreed change', () => client.getSession());
  await s.raw('agree after the change', browser, agreement);
}

async function confirmedDeletion(s) {
  const { browser, client, email } = await verifiedUser(s, 'part');
  await s.step('delete with a link', () => client.deleteUser({ password: PASSWORD, callbackURL: '/bye' }));
  await s.step('delete with a link and a wrong password', () => client.deleteUser({ password: 'wrong' }));
  await s.links('links of a deletion', email, 2);
  const link = await s.link(email, 2);
  await s.step('session before the link of a deletion', () => client.getSession());
  const stranger = await verifiedUser(s, 'part-stranger');
  await s.raw('verify with the token of a deletion', browser, `/verify-email?token=${tokenOf(link)}`);
  await s.post('reset with the token of a deletion', browser, '/reset-password', { newPassword: NEW_PASSWORD, token: tokenOf(link) });
  await s.raw('follow the link of a deletion signed out', s.browser(), link);
  await s.raw('follow the link of a deletion', browser, link);
  await s.step('session after the link of a deletion', () => client.getSession());
  await s.raw('follow the link of a deletion again', browser, link);
  await s.step('delete the account of somebody else with a link', () => stranger.client.deleteUser());
  const foreign = tokenOf(await s.link(stranger.email, 2));
  const thief = await verifiedUser(s, 'part-thief');
  await s.post('delete with the token of somebody else', thief.browser, '/delete-user', { token: foreign });
  await s.step('delete with the own token after somebody else tried', () => stranger.client.deleteUser({ token: foreign }));
  await s.step('delete with a link of the thief', () => thief.client.deleteUser());
  const own = tokenOf(await s.link(thief.email, 2));
  await s.raw('follow the link of a deletion without a place', thief.browser, `/delete-user/callback?token=${own}`);
}

async function secondSignUp(s) {
  const { browser, client, email } = await s.user('twice');
  const link = await s.link(email);
  const again = (name, password) => s.post(name, s.browser(), '/sign-up/email', { name: 'Again', email, password });
  await again('sign up again before the verification', NEW_PASSWORD);
  await again('sign up again before the verification with a short password', 'short');
  await s.step('sign in with the password of the second sign-up', () => client.signIn.email({ email, password: NEW_PASSWORD }));
  await s.raw('verify an address that signed up twice', browser, link);
  await s.raw('session of who signed up first', browser, '/get-session');
  // Mails are sent in the order in which they were asked for: after this one, none is missing.
  const next = await s.user('after-twice');
  await s.link(next.email);
  await s.links('links of an address that signed up twice', email, 1);
  await s.post('sign up again after the verification', s.browser(), '/sign-up/email', {
    name: 'Again',
    email: s.email('careful'),
    password: NEW_PASSWORD,
  });
}

export const careful = [verifiedSignUp, verifiedByReset, confirmedChange, confirmedDeletion, secondSignUp];

async function unaskedVerification(s) {
  const browser = s.browser();
  const client = s.client(browser);
  const email = s.email('trusting');
  await s.step('sign up, and be sent a link', () =>
    client.signUp.email({ name: 'Trusting', email, password: PASSWORD, callbackURL: '/welcome' }),
  );
  await s.links('links of a sign-up', email, 1);
  await s.raw('verify while signed in', browser, await s.link(email));
  await s.step('sessions after a verification while signed in', () => client.listSessions());
  const other = await s.user('trusting-other');
  const elsewhere = s.browser();
  await s.raw('verify while signed out', elsewhere, await s.link(other.email));
  await s.step('session after a verification while signed out', () => s.client(elsewhere).getSession());
  const third = await s.user('trusting-third');
  await s.raw('verify while signed in as somebody else', browser, await s.link(third.email));
  await s.raw('session after a verification of somebody else', browser, '/get-session');
}

async function changeAtOnce(s) {
  const { browser, client, email } = await s.user('at-once');
  // Ours sends no link to an address that is the user's no longer, so this one has to be there before that.
  const link = await s.link(email);
  const newEmail = s.email('changed-at-once');
  await s.step('change an address at once to a taken one', () => client.changeEmail({ newEmail: s.email('trusting') }));
  await s.step('change an address at once', () => client.changeEmail({ newEmail, callbackURL: '/settings' }));
  await s.step('session after a change at once', () => client.getSession());
  await s.links('links after a change at once', newEmail, 1);
  await s.raw('verify the former address after a change at once', browser, link);
  await s.raw('verify the address that was changed at once', browser, await s.link(newEmail));
  await s.step('change an address that is verified since', () => client.changeEmail({ newEmail: email }));
  await s.step('session after the change of what is verified since', () => client.getSession());
}

async function noDeletion(s) {
  const { browser, client } = await s.user('stay');
  await s.step('delete what cannot be deleted', () => client.deleteUser({ password: PASSWORD }));
  await s.post('delete what cannot be deleted, signed out', s.browser(), '/delete-user', {});
  await s.raw('follow the link of a deletion where there is none', browser, '/delete-user/callback?token=x&callbackURL=%2F');
  await s.step('session of what was not deleted', () => client.getSession());
}

export const trusting = [unaskedVerification, changeAtOnce, noDeletion];
