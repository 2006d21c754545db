import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSecurity } from '../../../../src/adapters/model-server/connection/security-files.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const certificate = join(fixtures, 'tf-serving.cert.pem');
const key = join(fixtures, 'tf-serving.key.pem');

const named = (paths: {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}): Parameters<typeof readSecurity>[0] => ({
  authorities: { variable: 'CA', path: paths.ca ?? '' },
  certificate: { variable: 'CERTIFICATE', path: paths.certificate ?? '' },
  key: { variable: 'KEY', path: paths.key ?? '' },
  token: { variable: 'TOKEN', path: paths.token ?? '' },
});

test('reads what the files hold, the token anew each time', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'security-'));
  context.after(() => rm(folder, { recursive: true }));
  const token = join(folder, 'token');
  await writeFile(token, 'first\n');
  const security = await readSecurity(named({ ca: certificate, certificate, key, token }));
  assert.ok(security.type === 'tls');
  assert.deepEqual(security.authorities, await readFile(certificate));
  assert.deepEqual(security.certificate?.key, await readFile(key));
  assert.equal(await security.token?.(), 'first');
  await writeFile(token, 'second');
  assert.equal(await security.token?.(), 'second');
});

test('nothing given: the authorities of the system, no certificate, no token', async () => {
  assert.deepEqual(await readSecurity(named({})), { type: 'tls' });
});

test('a token that is not there is a mistake in the settings', () =>
  assert.rejects(readSecurity(named({ token: '/nowhere/token' })), {
    code: 'bad_settings',
    message: /^TOKEN is "\/nowhere\/token", which cannot be read: ENOENT/,
  }));
