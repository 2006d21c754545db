import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type NamedFile, readCertificates, readKeyPair } from '../../src/adapters/tls-files.ts';

const fixtures = join(import.meta.dirname, 'model-server/connection/fixtures');
const others = join(import.meta.dirname, 'redis/fixtures');
const CERTIFICATE = join(fixtures, 'tf-serving.cert.pem');
const KEY = join(fixtures, 'tf-serving.key.pem');

const ca = (path: string): NamedFile => ({ variable: 'SOME_CA_FILE', path });
const certificate = (path: string): NamedFile => ({ variable: 'SOME_CERTIFICATE_FILE', path });
const key = (path: string): NamedFile => ({ variable: 'SOME_KEY_FILE', path });

/** What is said of files that cannot be used. */
async function complaint(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => assert.fail('nothing was said'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error && 'code' in error && error.code === 'bad_settings');
  return error.message.replaceAll(import.meta.dirname, '');
}

test('what no variable names is absent', async () => {
  assert.equal(await readCertificates(ca('')), undefined);
  assert.equal(await readKeyPair(certificate(''), key('')), undefined);
});

test('each complaint names the variable, its value, and what is wrong with the file', async () => {
  assert.equal(
    await complaint(readCertificates(ca('/nowhere/ca.pem'))),
    'SOME_CA_FILE is "/nowhere/ca.pem", which cannot be read: ' +
      "ENOENT: no such file or directory, open '/nowhere/ca.pem'.",
  );
  assert.equal(
    await complaint(readCertificates(ca(KEY))),
    'SOME_CA_FILE is "/model-server/connection/fixtures/tf-serving.key.pem", ' +
      'which holds no certificate in PEM form.',
  );
  assert.match(
    await complaint(readKeyPair(certificate(CERTIFICATE), key(CERTIFICATE))),
    /^SOME_KEY_FILE is ".*", which holds no private key in PEM form that can be read without a password\.$/,
  );
  assert.match(
    await complaint(readKeyPair(certificate(CERTIFICATE), key(join(others, 'client.key.pem')))),
    /^SOME_KEY_FILE is ".*", which is not the key of the certificate in SOME_CERTIFICATE_FILE\.$/,
  );
});

test('a certificate and its key go together', async () => {
  assert.match(
    await complaint(readKeyPair(certificate(CERTIFICATE), key(''))),
    /^SOME_CERTIFICATE_FILE is ".*", but SOME_KEY_FILE is not set: /,
  );
  assert.match(
    await complaint(readKeyPair(certificate(''), key(KEY))),
    /^SOME_KEY_FILE is ".*", but SOME_CERTIFICATE_FILE is not set: /,
  );
  assert.ok(await readKeyPair(certificate(CERTIFICATE), key(KEY)));
});
