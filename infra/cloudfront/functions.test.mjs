// The functions that CloudFront runs, run here: `node --test infra/cloudfront/`. They answer as every other server of the web
// application does, which the table of cases says, and stay within what the service allows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const names = ['api-request', 'page-request', 'page-response'];
const handlers = Object.fromEntries(
  names.map((name) => [name, vm.runInNewContext(`${read(`${name}.js`)}; handler`, Object.create(null))]),
);
const cases = JSON.parse(read('../../frontend/tests/routes.cases.json'));
const rules = JSON.parse(read('../../frontend/src/lib/routes.json'));

// What the runtime makes of a request; its own objects have other prototypes than ours.
const run = (name, event) => JSON.parse(JSON.stringify(handlers[name](event)));

function pageRequest({ path, query = '', cookies = {} }) {
  const asked = { method: 'GET', uri: path, headers: {}, cookies, rawQueryString: () => query || undefined };
  return run('page-request', { request: asked });
}

test('pages: every case of the table', () => {
  assert.ok(cases.length > 50);
  for (const { path, query, cookie, outcome } of cases) {
    for (const name of cookie ? rules.sessionCookies : ['other']) {
      const answer = pageRequest({ path, query, cookies: { [name]: { value: 'x' } } });
      const shown = JSON.stringify({ path, query, cookie, answer });
      if (outcome.kind === 'redirect') {
        assert.equal(answer.statusCode, outcome.status, shown);
        assert.equal(answer.headers.location.value, outcome.to, shown);
        assert.equal(answer.headers['cache-control'].value, 'no-store', shown);
      } else {
        assert.equal(answer.statusCode, undefined, shown);
        assert.equal(answer.uri, `/${outcome.file}`, shown);
      }
    }
  }
});

test('pages: a session cookie counts when any of its name has a value', () => {
  const [name] = rules.sessionCookies;
  const served = (cookie) => pageRequest({ path: '/tasks', cookies: { [name]: cookie } }).statusCode === undefined;
  assert.ok(!served({ value: '' }));
  assert.ok(!served({ value: '', multiValue: [{ value: '' }, { value: '' }] }));
  assert.ok(served({ value: '', multiValue: [{ value: '' }, { value: 'x' }] }));
});

test('pages: what the upload put beside a file is what it is answered with', () => {
  const respond = (statusCode, headers) => run('page-response', { request: {}, response: { statusCode, headers } });
  const policy = { 'x-amz-meta-content-security-policy': { value: "default-src 'self'" } };
  const missing = { ...policy, 'x-amz-meta-status': { value: '404' } };

  const page = respond(200, { ...policy, etag: { value: '"1"' } });
  assert.deepEqual(page.headers, { etag: { value: '"1"' }, 'content-security-policy': { value: "default-src 'self'" } });
  assert.equal(page.statusCode, 200);
  assert.deepEqual(respond(200, {}), { statusCode: 200, headers: {} }, 'a file without any');
  assert.equal(respond(200, missing).statusCode, 404);
  assert.deepEqual(Object.keys(respond(200, missing).headers), ['content-security-policy']);
  assert.equal(respond(304, missing).statusCode, 304, 'a 404 without a body would be an empty page');
});

test('API: the host and the address are those that CloudFront sees, whatever a client says', () => {
  const answer = run('api-request', {
    viewer: { ip: '203.0.113.7' },
    request: {
      method: 'POST',
      uri: '/api/auth/login',
      headers: {
        host: { value: 'app.example.com' },
        'x-viewer-host': { value: 'evil.example', multiValue: [{ value: 'evil.example' }, { value: 'b.example' }] },
        'x-viewer-address': { value: '10.0.0.1' },
        authorization: { value: 'Bearer x' },
      },
    },
  });
  assert.deepEqual(answer.headers, {
    host: { value: 'app.example.com' },
    'x-viewer-host': { value: 'app.example.com' },
    'x-viewer-address': { value: '203.0.113.7' },
    authorization: { value: 'Bearer x' },
  });
  assert.equal(answer.uri, '/api/auth/login');
});

test('all keep to the size and to the language of the runtime', () => {
  for (const name of names) {
    const code = read(`${name}.js`);
    assert.ok(Buffer.byteLength(code) < 10 * 1024, `${name}: CloudFront takes 10 kB`);
    const text = code.replace(/\/\/.*|'[^'\n]*'/g, '');
    assert.doesNotMatch(text, /=>|`|\b(const|let|class|of|async|import|require|process)\b|\.\.\./, `${name} is ECMAScript 5.1`);
  }
});
