import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { openBucket } from '../../../src/adapters/bucket/open-bucket.ts';
import { KnownError } from '../../../src/errors.ts';
import { JobWarnings } from '../../../src/job/job-warnings.ts';
import type { Bucket, EndedChild, JobFields } from '../../../src/ports.ts';
import { collectResults } from '../../../src/stages/archive/collect-results.ts';
import { mergeResults } from '../../../src/stages/archive/merge-results.ts';
import { unzip } from '../../harness/processes/consumer-process.ts';
import { noObjects } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const signal = new AbortController().signal;
let folder: string;
let bucket: Bucket;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-merge-'));
  bucket = await openFolder();
});
afterEach(() => rm(folder, { recursive: true }));

function openFolder(): Bucket | Promise<Bucket> {
  return openBucket(pathToFileURL(folder).href, {
    gcsEndpoint: '',
    s3Endpoint: '',
    s3Region: '',
    warn: () => {},
  });
}

async function put(key: string, bytes: Uint8Array): Promise<void> {
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  await bucket.upload(key, body(), { contentType: 'application/zip', signal });
}

const ID = '0123456789abcdef0123456789abcdef';

function child(place: number, fields: EndedChild['fields'], outcome: 'done' | 'failed' = 'done') {
  return { key: `image:${place}`, place, outcome, fields } satisfies EndedChild;
}

const CHILDREN: readonly EndedChild[] = [
  child(0, { original_name: 'a.tif', output_file_name: 'output/r0.zip', total_time: '1.5' }),
  child(1, { original_name: 'b.tif', reason: 'Broken.' }, 'failed'),
  child(2, { original_name: 'c.tif', output_file_name: 'output/gone.zip', total_time: '2.5' }),
  child(3, {}, 'failed'),
  child(4, {}),
];

function contextOf(
  children: readonly EndedChild[],
  fields: JobFields = {},
  given: readonly string[] = [],
) {
  const family = {
    submit: () => Promise.reject(new Error('Nothing is submitted here.')),
    ...noObjects,
    notedObjects: async () => given,
    async *children() {
      yield* children;
    },
  };
  return stageContext({ bucket, family, job: { fields } });
}

test('what failed is listed with its reason, whatever the way, and times of what is done', async () => {
  await put('output/r0.zip', buildZip([{ name: 'a_0.tif', data: Buffer.from('a') }]));
  const { context, notes } = contextOf(CHILDREN);
  const { collected } = await collectResults().run({}, context);
  assert.deepEqual([notes['children:done'], notes['children:failed']], [2, 3]);
  const { output } = await mergeResults.run({ collected }, context);
  // One for each of the failures that are listed.
  assert.deepEqual([notes['children:done'], notes['children:failed']], [1, 4]);
  assert.equal(output.fileName, `output/${ID}.zip`);
  const { body } = await bucket.open(output.fileName, signal);
  assert.deepEqual([...(await unzip(await buffer(body))).keys()], ['a_0.tif']);
  assert.equal(notes['total_jobs'], 5);
  assert.equal(notes['total_time'], '1.5,2.5');
  assert.equal('upload_time' in notes, false);
  assert.deepEqual(
    [...new URLSearchParams(String(notes['failures']))],
    [
      ['image:1', 'Broken.'],
      ['image:3', 'The job expired or was deleted before it ended.'],
      ['image:4', 'The job is done, but its hash has expired or names no result.'],
      ['image:2', 'Its result cannot be read: The bucket holds no "output/gone.zip".'],
    ],
  );
});

test('once results have been removed, the archive of the run that did so stands, with what it said', async () => {
  await put(`output/${ID}.zip`, buildZip([{ name: 'a_0.tif', data: Buffer.from('earlier') }]));
  const said = {
    result_stored: '1',
    'children:total': '5',
    warnings: 'b.tif: Odd.\nc.tif: Odd too.',
  };
  const { context, notes, warnings } = contextOf(CHILDREN, said);
  const { collected } = await collectResults().run({}, context);
  const { output } = await mergeResults.run({ collected }, context);
  const { body } = await bucket.open(output.fileName, signal);
  const entries = await unzip(await buffer(body));
  assert.equal(Buffer.from(entries.get('a_0.tif') ?? []).toString(), 'earlier');
  // The hash has the failures and counts of the earlier run: they must not be written again.
  assert.deepEqual(notes, {});
  // A join begins with the warnings of its hash.
  const begun = new JobWarnings(() => {}, warnings, context.job);
  assert.deepEqual(begun.text.split('\n'), ['b.tif: Odd.', 'c.tif: Odd too.']);
});

test('an archive whose run ended before it could tell its failures is made again', async () => {
  await put(`output/${ID}.zip`, buildZip([{ name: 'a_0.tif', data: Buffer.from('earlier') }]));
  await put('output/r0.zip', buildZip([{ name: 'a_0.tif', data: Buffer.from('a') }]));
  const given = [`output/${ID}/none.tif`, `output/${ID}/a.tif`];
  await put(`output/${ID}/a.tif`, Buffer.from('a'));
  const { context, notes } = contextOf(CHILDREN, { 'children:total': '5' }, given);
  const { collected } = await collectResults().run({}, context);
  const { output } = await mergeResults.run({ collected }, context);
  const { body } = await bucket.open(output.fileName, signal);
  const entries = await unzip(await buffer(body));
  assert.equal(Buffer.from(entries.get('a_0.tif') ?? []).toString(), 'a');
  assert.match(String(notes['failures']), /image%3A2=Its\+result\+cannot\+be\+read/);
});

test('a result whose run has removed those of its children stands, though Redis has lost that it said so', async () => {
  await put(`output/${ID}.zip`, buildZip([{ name: 'a_0.tif', data: Buffer.from('earlier') }]));
  for (const given of [[], [`output/${ID}/a.tif`]]) {
    const { context, notes, warnings } = contextOf(CHILDREN, { 'children:total': '5' }, given);
    const { collected } = await collectResults().run({}, context);
    const { output } = await mergeResults.run({ collected }, context);
    const { body } = await bucket.open(output.fileName, signal);
    const entries = await unzip(await buffer(body));
    assert.equal(Buffer.from(entries.get('a_0.tif') ?? []).toString(), 'earlier');
    assert.match(warnings.join(), /Redis has lost its end/);
    assert.match(String(notes['failures']), /^image%3A1=Broken/);
  }
});

test('an archive is not stored by a run that has lost its claim: others may have removed results meanwhile', async () => {
  await put('output/r0.zip', buildZip([{ name: 'a_0.tif', data: Buffer.from('a') }]));
  const { context } = contextOf(CHILDREN);
  const { collected } = await collectResults().run({}, context);
  const flush = (): Promise<void> => Promise.reject(new KnownError('claim_lost', 'Taken.'));
  await assert.rejects(mergeResults.run({ collected }, { ...context, flush }), {
    code: 'claim_lost',
  });
  await assert.rejects(bucket.open(`output/${ID}.zip`, signal), { code: 'missing_object' });
});

test('a job whose children Redis has lost fails: its archive would lack them without a word', async () => {
  const { context } = contextOf(CHILDREN.slice(0, 2), { 'children:total': '5' });
  const { collected } = await collectResults().run({}, context);
  await assert.rejects(mergeResults.run({ collected }, context), {
    code: 'child_failed',
    message: /lost what became of 3 of the 5 parts/,
  });
});

/** An archive of two files, the second of which is damaged at one place of its header or of its data. */
function damagedAt(behindName: number): Buffer {
  const data = Buffer.alloc(5000, 'pixels');
  const files = ['b_0.tif', 'b_1.tif'].map((name) => ({ name, data, method: 0 }));
  const bytes = buildZip(files);
  const at = bytes.indexOf('b_1.tif') + behindName;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  return bytes;
}

for (const [what, behindName, why] of [
  ['a header of its own that is none', -30, 'its own header differs from the directory'],
  ['another name in its own header', 0, 'its own header differs from the directory'],
  ['a wrong byte', 1000, 'its bytes do not match their checksum'],
] as const) {
  test(`a result with ${what} has failed alone, and nothing of it is in the archive`, async () => {
    await put('output/r0.zip', buildZip([{ name: 'a_0.tif', data: Buffer.from('a') }]));
    await put('output/r1.zip', damagedAt(behindName));
    await put('output/r2.zip', buildZip([{ name: 'd/' }, { name: 'd/c_0.tif' }]));
    const { context, notes } = contextOf(
      [0, 1, 2].map((place) => child(place, { output_file_name: `output/r${place}.zip` })),
    );
    const { collected } = await collectResults().run({}, context);
    const { output } = await mergeResults.run({ collected }, context);
    const { body } = await bucket.open(output.fileName, signal);
    const entries = await unzip(await buffer(body));
    assert.deepEqual([...entries.keys()], ['a_0.tif', 'd/c_0.tif']);
    assert.deepEqual(
      [...new URLSearchParams(String(notes['failures']))],
      [['image:1', `Its result cannot be read: "b_1.tif" is damaged: ${why}.`]],
    );
    assert.deepEqual([notes['children:done'], notes['children:failed']], [2, 1]);
  });
}

test('a bucket that is away while results are read has the stage tried again, and fails no child', async () => {
  await put('output/r0.zip', buildZip([{ name: 'a_0.tif' }]));
  Object.assign(bucket, {
    openRange: () => Promise.reject(new KnownError('bucket_unavailable', 'The bucket is away.')),
  });
  const { context, notes } = contextOf([child(0, { output_file_name: 'output/r0.zip' })]);
  const { collected } = await collectResults().run({}, context);
  await assert.rejects(mergeResults.run({ collected }, context), {
    code: 'bucket_unavailable',
  });
  assert.equal(mergeResults.retry, 'unavailable');
  assert.equal('failures' in notes, false);
});

test('a job with more parts than its archive has members fails: it was replaced', async () => {
  const { context } = contextOf(CHILDREN, { 'children:total': '4' });
  const { collected } = await collectResults().run({}, context);
  await assert.rejects(mergeResults.run({ collected }, context), {
    message: /5 parts.* archive 4/,
  });
});

test('a parent whose children all failed has an archive without entries', async () => {
  const { context, warnings } = contextOf([{ ...child(0, { reason: 'Broken.' }, 'failed') }]);
  const { collected } = await collectResults().run({}, context);
  const { output } = await mergeResults.run({ collected }, context);
  const { body } = await bucket.open(output.fileName, signal);
  assert.equal((await buffer(body)).length, 22);
  assert.deepEqual(warnings, [
    'None of the 1 images has a result: the archive is empty. The first: Broken. ' +
      'The field failures has the reason of each.',
  ]);
});
