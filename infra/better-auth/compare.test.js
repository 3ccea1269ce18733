/**
 * The same scenario against the original server and against our backend: the transcripts are equal but for what
 * `differences.js` lists, and all of that is really different.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Browser } from './browser.js';
import { configurations } from './configurations.js';
import { differences, forms, Including } from './differences.js';
import { startReference } from './reference-server.js';
import { PASSWORD } from './fixtures.js';
import { ONE_CONFIGURATION, PAGE, startSubject, TRUSTED_ORIGINS } from './subject.js';
import { transcribe } from './transcript.js';

const servers = {};

before(async () => {
  for (const configuration of Object.keys(configurations)) {
    if (configuration !== 'usual' && ONE_CONFIGURATION) continue;
    servers[configuration] = {
      reference: await startReference({ trustedOrigins: TRUSTED_ORIGINS, configuration }),
      subject: await startSubject(configuration),
    };
  }
});

after(async () => {
  for (const { reference, subject } of Object.values(servers)) {
    await reference.close();
    await subject.close();
  }
});

test('the transcript of one server is the same every time', async () => {
  const { baseURL } = servers.usual.reference;
  assert.deepEqual(await transcribe(baseURL), await transcribe(baseURL));
});

test('our backend answers as the original server does, however both are configured', async () => {
  const [expected, actual] = [[], []];
  for (const [configuration, { reference, subject }] of Object.entries(servers)) {
    const [original, ours] = await Promise.all([reference, subject].map(({ baseURL }) => transcribe(baseURL, configuration)));
    expected.push(...original);
    actual.push(...ours);
  }
  const ended = expected.filter(({ name }) => name.endsWith('ended early'));
  assert.deepEqual(ended, [], 'the scenario itself is wrong: the original server did not get through it');
  const names = new Set([...expected, ...actual].map(({ name }) => name));
  const byName = (steps) => new Map(steps.map((step) => [step.name, step]));
  const [left, right] = [byName(expected), byName(actual)];

  const unexpected = [];
  const shown = new Map(differences.map((difference) => [difference, new Set()]));
  for (const name of names) {
    const accept = (path, original, ours) => {
      const difference = differences.find((candidate) => isExpected(candidate, name, path, original, ours));
      if (difference === undefined) return false;
      shown.get(difference).add(name);
      return true;
    };
    const report = (path, original, ours) =>
      unexpected.push(`${name}\n    ${path || 'the whole step'}\n      original: ${show(original)}\n      ours:     ${show(ours)}`);
    walk(left.get(name), right.get(name), '', accept, report);
  }
  const stale = [...shown].flatMap(([{ reason, steps }, seen]) =>
    (steps ?? (seen.size > 0 ? [] : ['every step']))
      .filter((step) => !seen.has(step) && (names.has(step) || !ONE_CONFIGURATION))
      .map((step) => `${step}: ${reason}`),
  );

  assert.equal(unexpected.length, 0, `${unexpected.length} differences nobody asked for:\n  ${unexpected.join('\n  ')}\n`);
  assert.equal(stale.length, 0, `listed in differences.js, but not to be seen:\n  ${stale.join('\n  ')}\n`);
});

test('random values have the form each server means to give them', async (t) => {
  const { reference, subject } = servers.usual;
  const raw = { reference: await signUp(reference.baseURL), subject: await signUp(subject.baseURL) };
  for (const form of forms) {
    await t.test(form.name, () => {
      for (const server of ['reference', 'subject']) assert.ok(form[server](raw[server]), `${server}: ${show(raw[server])}`);
      assert.ok(!form.reference(raw.subject), `our backend has the original form after all: ${show(raw.subject)}`);
    });
  }
});

const show = (value) => JSON.stringify(value) ?? 'nothing';

/**
 * Finds where two values differ. At each place `accept` may take the difference as a whole; where neither it nor a place
 * further in does, `report` is called with the innermost places.
 */
function walk(left, right, path, accept, report) {
  if (isDeepStrictEqual(left, right)) return;
  if (accept(path, left, right)) return;
  const isBranch = (value) => value !== null && typeof value === 'object';
  if (!isBranch(left) || !isBranch(right) || Array.isArray(left) !== Array.isArray(right)) return report(path, left, right);
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
    walk(left[key], right[key], path === '' ? key : `${path}.${key}`, accept, report);
}

function isExpected({ steps, path: pattern, reference, subject }, name, path, left, right) {
  return pattern.test(path) && (steps === undefined || steps.includes(name)) && matches(reference, left) && matches(subject, right);
}

function matches(pattern, value) {
  if (pattern instanceof RegExp) return typeof value === 'string' && pattern.test(value);
  if (pattern instanceof Including)
    return (
      value !== null && typeof value === 'object' && Object.entries(pattern.members).every(([key, member]) => matches(member, value[key]))
    );
  return isDeepStrictEqual(pattern, value);
}

/** A sign-up, unmasked. */
async function signUp(baseURL) {
  const browser = new Browser({ baseURL, page: PAGE });
  const email = `form-${Math.random().toString(36).slice(2)}@example.com`;
  const { json, headers, setCookie } = await browser.send('/api/auth/sign-up/email', {
    method: 'POST',
    json: { name: 'Form', email, password: PASSWORD },
  });
  const [, cookie] = /session_token=([^;]*)/.exec(setCookie[0]);
  return { token: json.token, userId: json.user.id, cookie: decodeURIComponent(cookie), header: headers['set-auth-token'] };
}
