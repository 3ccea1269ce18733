// The upload, with an AWS CLI that only writes down what it is asked.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../deploy-site.sh', import.meta.url));
const policy = "default-src 'self'; script-src 'self' 'sha256-a,b='";

function deploy({ outputs, built = true, stack = 'tasks' }) {
  const directory = mkdtempSync(join(tmpdir(), 'deploy-site-'));
  try {
    const site = join(directory, 'out');
    mkdirSync(site);
    if (built) {
      writeFileSync(join(site, '_headers.json'), JSON.stringify({ 'content-security-policy': policy }));
    }
    const log = join(directory, 'log');
    writeFileSync(log, '');
    writeFileSync(
      join(directory, 'aws'),
      `#!${process.execPath}
const asked = process.argv.slice(2);
require('fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(asked) + '\\n');
const name = /OutputKey=='(.*?)'/.exec(asked.join(' '));
if (name) console.log(${JSON.stringify(outputs ?? {})}[name[1]] ?? '');
`,
      { mode: 0o755 },
    );
    const { status, stdout, stderr } = spawnSync('bash', [script, stack, site], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${directory}:${process.env.PATH}` },
    });
    const asked = readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    return { status, stdout, stderr, site, uploads: asked.filter(([service]) => service === 's3') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const option = (asked, name) => asked[asked.indexOf(name) + 1];

test('what pages load is uploaded first, pages with their policy, and then what is gone is deleted', () => {
  const { status, stdout, stderr, site, uploads } = deploy({
    outputs: { SiteBucketName: 'bucket', SiteUrl: 'https://app.example.com' },
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /https:\/\/app\.example\.com/);
  const [immutable, others, pages, missing, deletion] = uploads;
  assert.equal(uploads.length, 5);

  assert.deepEqual(immutable.slice(1, 4), ['sync', `${site}/_next/static`, 's3://bucket/_next/static']);
  assert.equal(option(immutable, '--cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(option(others, '--cache-control'), 'no-cache');
  for (const [page, metadata] of [
    [pages, { 'content-security-policy': policy }],
    [missing, { 'content-security-policy': policy, status: '404' }],
  ]) {
    assert.deepEqual(JSON.parse(option(page, '--metadata')), metadata);
    assert.equal(option(page, '--cache-control'), 'no-cache');
    assert.equal(option(page, '--content-type'), 'text/html; charset=utf-8');
  }
  assert.equal(missing[3], 's3://bucket/404.html');
  assert.ok(deletion.includes('--delete'));
  for (const asked of uploads.filter((asked) => asked.includes('--delete'))) {
    assert.ok(asked.includes('_next/static/*'), 'open pages still load from there');
  }
});

test('nothing is uploaded before everything is there', () => {
  for (const [given, says] of [
    [{ outputs: { SiteBucketName: 'bucket' }, built: false }, /npm run build/],
    [{ outputs: {} }, /WebApplication=true/],
    [{ stack: '' }, /which stack/],
  ]) {
    const { status, stderr, uploads } = deploy(given);
    assert.equal(status, 1);
    assert.match(stderr, says);
    assert.deepEqual(uploads, []);
  }
});
