import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { prepareAwsEnvironment } from '../../src/consumer/aws-environment.ts';
import { ScriptedStore, s3Success } from '../harness/bucket/s3-store.ts';

const SOURCES = new URL('../../src/', import.meta.url).href;

const DEFAULTS = { STORAGE_BUCKET: 's3://field', AWS_EC2_METADATA_DISABLED: 'true' };

/** Reads an object in a process with this environment and nothing else in it; the result is the bytes or the error. */
async function readIn(
  environment: Readonly<Record<string, string>>,
  endpoint: string,
  preload = '',
): Promise<string> {
  const script = `
    ${preload}
    const { openStorage } = await import('${SOURCES}consumer/open/open-storage.ts');
    const { loadSettings } = await import('${SOURCES}config/load.ts');
    const { CORE_SETTINGS } = await import('${SOURCES}config/core-settings.ts');
    const bucket = await openStorage(loadSettings(CORE_SETTINGS).values, console.log);
    try {
      const { body } = await bucket.open('a.tif', new AbortController().signal);
      for await (const bytes of body) console.log(String(bytes));
    } catch (error) {
      console.log(error.code + ': ' + error.message);
    }
    await bucket.close();`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { ...DEFAULTS, AWS_ENDPOINT_URL: endpoint, ...environment } },
  );
  return stdout.trim();
}

async function startStore(context: TestContext): Promise<ScriptedStore> {
  const store = await ScriptedStore.start((request) =>
    request.body.includes('AssumeRoleWithWebIdentity')
      ? { status: 200, headers: { 'content-type': 'text/xml' }, body: ASSUMED }
      : s3Success(request, 'content'),
  );
  context.after(() => store.close());
  return store;
}

const ASSUMED = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>
  <Credentials><AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
  <SessionToken>assumed-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
  </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

const KEYS = { AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'secret' };

test('keys that say NA or nothing are absent, others stay', () => {
  const environment = {
    AWS_ACCESS_KEY_ID: 'NA',
    AWS_SECRET_ACCESS_KEY: 'NA',
    AWS_SESSION_TOKEN: '',
    AWS_REGION: 'NA',
    HOME: '/home',
  };
  prepareAwsEnvironment(environment);
  assert.deepEqual(environment, { AWS_REGION: 'NA', HOME: '/home' });
});

test('keys that say NA sign no request', async (context) => {
  const store = await startStore(context);
  const keys = { AWS_ACCESS_KEY_ID: 'NA', AWS_SECRET_ACCESS_KEY: 'NA', HOME: '/' };
  assert.match(await readIn(keys, store.endpoint), /^bucket_auth: .*STORAGE_ANONYMOUS=true/);
  assert.equal(store.requests.length, 0);
});

test('temporary keys come with their token', async (context) => {
  const store = await startStore(context);
  const environment = { ...KEYS, AWS_SESSION_TOKEN: 'the-token', HOME: '/' };
  assert.equal(await readIn(environment, store.endpoint), 'content');
  assert.equal(store.requests[0]?.headers['x-amz-security-token'], 'the-token');
});

test('a role is assumed with the token of the service account', async (context) => {
  const store = await startStore(context);
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-token-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'token'), 'jwt');
  const environment = {
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/consumer',
    AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'NA',
    AWS_SECRET_ACCESS_KEY: 'NA',
    HOME: '/',
  };
  assert.equal(await readIn(environment, store.endpoint), 'content');
  const [assume, read] = store.requests;
  assert.match(assume?.body.toString() ?? '', /WebIdentityToken=jwt/);
  assert.match(read?.headers.authorization ?? '', /Credential=ASSUMED\//);
  assert.equal(read?.headers['x-amz-security-token'], 'assumed-token');
});

test('a user without a home reads objects too', async (context) => {
  const store = await startStore(context);
  // As Node does for a user id that no file of passwords names.
  const preload = `
    const { syncBuiltinESMExports } = await import('node:module');
    const { default: os } = await import('node:os');
    const homeless = () => {
      if (process.env.HOME) return process.env.HOME;
      throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
    };
    os.homedir = homeless;
    syncBuiltinESMExports();`;
  assert.equal(await readIn(KEYS, store.endpoint, preload), 'content');
});
