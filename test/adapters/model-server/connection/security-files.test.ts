import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSecurity } from '../../../../src/adapters/model-server/connection/security-files.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const certificate = join(fixtures, 'tf-serving.cert.pem');
const key = join(fixtures, 'tf-serving.key.pem');

test('reads what the files hold, the token anew each time', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'security-'));
  context.after(() => rm(folder, { recursive: true }));
  const token = join(folder, 'token');
  await writeFile(token, 'first\n');
  const security = await readSecurity({ authorities: certificate, certificate, key, token });
  assert.ok(security.type === 'tls');
  assert.deepEqual(security.authorities, await readFile(certificate));
  assert.deepEqual(security.certificate?.key, await readFile(key));
  assert.equal(await security.token?.(), 'first');
  await writeFile(token, 'second');
  assert.equal(await security.token?.(), 'second');
});

test('nothing given: the authorities of the system, no certificate, no token', async () => {
  assert.deepEqual(await readSecurity({ authorities: '', token: undefined }), { type: 'tls' });
});

test('mistakes are mistakes in the settings', async () => {
  await assert.rejects(readSecurity({ certificate }), {
    code: 'bad_settings',
    message: /needs its key/,
  });
  await assert.rejects(readSecurity({ authorities: '/nowhere/ca.pem' }), {
    code: 'bad_settings',
    message: /\/nowhere\/ca.pem cannot be read/,
  });
  await assert.rejects(readSecurity({ authorities: key }), {
    code: 'bad_settings',
    message: /tf-serving\.key\.pem holds no certificate in PEM form/,
  });
});
