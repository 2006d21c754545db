import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CommandProcess } from './command-process.ts';
import { runCommand } from './run-command.ts';

const GOOD = { STORAGE_BUCKET: 'gs://images', REDIS_HOST: 'redis' };

test('it shows each setting as a shell reads it, and whether it is set or the default', async () => {
  const { code, stdout } = await runCommand(['check-config'], {
    ...GOOD,
    QUEUE: "it's",
    REDIS_PASSWORD: 's3cr3t',
    AWS_ENDPOINT_URL: 'https://key:s3cr3t@minio/',
    INTERVAL: '1',
  });
  assert.equal(code, 0, stdout);
  const lines = stdout.trimEnd().split('\n');
  const line = (name: string): string =>
    lines.find((one) => one.startsWith(`${name}=`))?.replace(/ +/g, ' ') ?? '';
  assert.equal(line('QUEUE'), "QUEUE='it'\\''s' # set");
  assert.equal(line('REDIS_PORT'), 'REDIS_PORT=6379 # default');
  assert.equal(line('REDIS_PASSWORD'), 'REDIS_PASSWORD=*** # set');
  assert.equal(line('AWS_SECRET_ACCESS_KEY'), 'AWS_SECRET_ACCESS_KEY= # default');
  assert.equal(line('AWS_ENDPOINT_URL'), 'AWS_ENDPOINT_URL=https://***@minio/ # set');
  assert.ok(lines.some((one) => one.startsWith('# INTERVAL has no effect: ')));
  assert.ok(!stdout.includes('s3cr3t'));
  assert.ok(!stdout.includes('Warning'), stdout);
});

test('what Kubernetes sets for a service named redis counts as unset', async () => {
  const { code, stdout } = await runCommand(['check-config'], {
    ...GOOD,
    REDIS_PORT: 'tcp://10.0.0.7:6379',
    REDIS_PORT_6379_TCP: 'tcp://10.0.0.7:6379',
  });
  assert.equal(code, 0);
  assert.match(stdout, /^REDIS_PORT=6379 +# default$/m);
});

test('it warns of names that are nearly right, and of defaults that hardly ever are', async () => {
  const { code, stdout } = await runCommand(['check-config'], { JOB_IN_FLIGHT: '4' });
  assert.equal(code, 0);
  assert.match(stdout, /# Warning: JOB_IN_FLIGHT is not read; did you mean JOBS_IN_FLIGHT\?/);
  assert.match(stdout, /# Warning: STORAGE_BUCKET is not set: s3:\/\/default-bucket is used\./);
  assert.match(stdout, /# Warning: REDIS_HOST is not set: redis-master is used\./);
});

test('it refuses what the adapters would refuse, all of it at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-config-'));
  const noCertificate = join(folder, 'ca.pem');
  await writeFile(noCertificate, 'This is no certificate.');
  for (const [environment, message] of [
    [{ STORAGE_BUCKET: 'azure://x' }, /STORAGE_BUCKET is "azure:\/\/x", but must be gs:/],
    [{ STORAGE_BUCKET: '/tmp/x' }, /STORAGE_BUCKET is "\/tmp\/x"/],
    [{ MODEL_SERVER_TLS: '1', MODEL_SERVER_CA_FILE: '/nope' }, /MODEL_SERVER_CA_FILE is "\/nope"/],
    [{ REDIS_TLS: '1', REDIS_CA_FILE: '/nope' }, /REDIS_CA_FILE is "\/nope", which cannot/],
    [
      { MODEL_SERVER_TLS: '1', MODEL_SERVER_CA_FILE: noCertificate },
      /ca\.pem", which holds no certificate/,
    ],
    [{ HTTP_PORT: '70000' }, /HTTP_PORT is "70000", but must be a whole number from 0 to 65535/],
    [{ HTTP_PORT: '8081', HEALTH_PORT: '8081' }, /HTTP_PORT and HEALTH_PORT are both 8081/],
    [{ CONSUMER_TYPE: 'segmantation' }, /Did you mean segmentation\?/],
  ] as const) {
    const { code, stderr } = await runCommand(['check-config'], { ...GOOD, ...environment });
    assert.equal(code, 1, stderr);
    assert.match(stderr, message);
  }
  await rm(folder, { recursive: true });
});

test('what cannot be read and what adapters refuse is told together', async () => {
  const { code, stderr } = await runCommand(['check-config'], {
    ...GOOD,
    HTTP_PORT: '70000',
    STORAGE_BUCKET: '/tmp/x',
    REDIS_TLS: '1',
    REDIS_KEY_FILE: '/nope.pem',
  });
  assert.equal(code, 1);
  const named = stderr.trim().split('\n');
  assert.deepEqual(
    named.map((line) => line.split(' ')[0]),
    ['HTTP_PORT', 'STORAGE_BUCKET', 'REDIS_KEY_FILE'],
    stderr,
  );
});

test('files for TLS have no effect where it is not spoken', async () => {
  const { code, stdout } = await runCommand(['check-config'], {
    ...GOOD,
    REDIS_CA_FILE: '/nope',
    MODEL_SERVER_TOKEN_FILE: '/nope',
  });
  assert.equal(code, 0);
  assert.match(stdout, /# Warning: REDIS_CA_FILE has no effect without REDIS_TLS=true\./);
  assert.match(
    stdout,
    /# Warning: MODEL_SERVER_TOKEN_FILE has no effect without MODEL_SERVER_TLS=/,
  );
});

test('a type that does not exist is refused with those that do, and the image that may have it', async () => {
  const { code, stdout } = await CommandProcess.run(['run'], {
    ...GOOD,
    CONSUMER_TYPE: 'whole-slide',
  });
  assert.equal(code, 1);
  const { level, msg } = JSON.parse(stdout) as { readonly level: string; readonly msg: string };
  assert.equal(level, 'fatal');
  assert.match(
    msg,
    /"whole-slide", but must be one of image, .*Leave a queue of any other kind to the Python consumer, vanvalenlab\//,
  );
});

const MOST_STARTS = 6;

/** What became of the code of a module that was compiled before, each time that it was loaded. */
function answersOf(said: string, module: string): (string | undefined)[] {
  const lines = said.matchAll(RegExp(`cache for ESM file://\\S+/${module} was (\\w+)`, 'g'));
  return [...lines].map(([, answer]) => answer);
}

/** What a check of good settings says of the code that it loads. */
async function startedWith(environment: Readonly<Record<string, string>>): Promise<string> {
  const { code, stderr } = await CommandProcess.run(['check-config'], environment);
  assert.equal(code, 0, stderr);
  return stderr;
}

test('the threads of the next start take what those of this one have compiled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk compiled '));
  try {
    const environment = { ...GOOD, NODE_COMPILE_CACHE: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    // What the program loads while a thread has V8 show its collector is compiled under other flags, and is refused
    // by the next start; and both write their lines at once. That is a matter of luck, whereas flags that stay set would
    // have all of it refused at each start.
    const isWhole = (said: string): boolean =>
      !said.includes('rejected') && answersOf(said, 'imaging/axes\\.ts').length === 2;
    await startedWith(environment);
    let stderr = await startedWith(environment);
    for (let start = 2; start < MOST_STARTS && !isWhole(stderr); start++)
      stderr = await startedWith(environment);
    assert.deepEqual(answersOf(stderr, 'kernel-worker\\.ts'), ['accepted']);
    // By the program and by its thread.
    assert.deepEqual(answersOf(stderr, 'imaging/axes\\.ts'), ['accepted', 'accepted']);
    assert.ok(!stderr.includes('rejected'), stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
