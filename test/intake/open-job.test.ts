import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HeldJobs } from '../../src/intake/held-jobs.ts';
import { type JobOpening, type OpenedJob, openJob } from '../../src/intake/open-job.ts';
import { Solo } from '../../src/intake/solo.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';
import { jobInFlight } from '../harness/stages/job-in-flight.ts';

const never = new AbortController().signal;
const NEW = { status: 'new', input_file_name: 'uploads/a.tif' };

let server: InMemoryJobs;

beforeEach(() => {
  server = new InMemoryJobs(new FakeClock());
});

async function open(
  fields: Readonly<Record<string, string>> | undefined,
  given: Partial<JobOpening> = {},
): Promise<OpenedJob> {
  const consumer = server.consumer();
  const key = 'image:a:1';
  const held = new HeldJobs();
  await consumer.queue.register(never);
  if (fields === undefined) server.state.pushLeft('image', key);
  else server.submit('image', key, fields);
  await consumer.queue.pop(never);
  const taken = { key, permit: jobInFlight({}).permit, signal: held.begin(key) };
  return openJob(taken, {
    ...consumer,
    held,
    solo: new Solo(),
    accepts: () => true,
    splits: false,
    wakeOnFailure: false,
    patiently: (_, attempt) => attempt(),
    ...given,
  });
}

const reasonOf = (opened: OpenedJob): string =>
  opened.kind === 'opened' ? (opened.item.failure?.message ?? '') : opened.kind;

test('a job is read, claimed and ready for its first stage', async () => {
  const opened = await open({ ...NEW, original_name: 'cells.tif' });
  assert.equal(opened.kind, 'opened');
  if (opened.kind !== 'opened') return;
  const { job, phase, failure } = opened.item;
  assert.deepEqual(
    [job.inputFileName, job.originalName, phase, failure],
    ['uploads/a.tif', 'cells.tif', 'work', undefined],
  );
  assert.match(job.resultId, /^[0-9a-f]{32}$/);
  assert.equal(server.fields('image:a:1')['result_id'], job.resultId);
});

test('without an original name the uploaded one stands for it', async () => {
  const opened = await open({ ...NEW, original_name: '' });
  assert.equal(opened.kind === 'opened' && opened.item.job.originalName, 'uploads/a.tif');
});

test('a job that names no file, or has a field that is too long, fails in words', async () => {
  assert.match(reasonOf(await open({ status: 'new' })), /input_file_name is missing or empty/);
  server = new InMemoryJobs(new FakeClock());
  const long = { ...NEW, scale: 'x'.repeat(70_000) };
  assert.match(reasonOf(await open(long)), /The field scale of the job is too long/);
  server = new InMemoryJobs(new FakeClock());
  // What consumers list of a large parent is theirs.
  const long70 = 'x'.repeat(70_000);
  const listed = { ...NEW, failures: long70, total_time: long70, predict_retries: long70 };
  assert.equal((await open(listed)).kind, 'opened');
});

test('what is gone or finished is dropped', async () => {
  assert.equal((await open(undefined)).kind, 'dropped');
  server = new InMemoryJobs(new FakeClock());
  assert.equal((await open({ ...NEW, status: 'failed' })).kind, 'dropped');
});

test('a job made of jobs begins with the split', async () => {
  const opened = await open(NEW, { splits: true });
  assert.equal(opened.kind === 'opened' && opened.item.phase, 'split');
});

test('one of which Redis has lost children goes back to be split again', async () => {
  const opened = await open({ ...NEW, 'children:total': '2', status: 'waiting' }, { splits: true });
  assert.equal(opened.kind, 'parked');
  assert.deepEqual(server.state.entries('image'), ['image:a:1']);
  assert.equal(server.fields('image:a:1')['children:total'], undefined);
});

test('one whose children have all ended is joined', async () => {
  const opened = await open({ ...NEW, 'children:total': '0', status: 'waiting' }, { splits: true });
  assert.equal(opened.kind === 'opened' && opened.item.phase, 'join');
});
