import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs';
import { FolderBucket } from '../../src/adapters/bucket/folder/folder-bucket.ts';
import { runStage } from '../../src/flow/running/run-stage.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { download } from '../../src/stages/download.ts';
import { jobInFlight, sampleJob } from '../harness/stages/job-in-flight.ts';
import { stagePorts } from '../harness/stages/stage-ports.ts';
import { stageRuntime } from '../harness/stages/stage-runtime.ts';

const FILES = 8;
const FILE_BYTES = 300_000;
const BUDGET = 1_000_000;
const never = new AbortController().signal;

test('of files that are too large for all of memory, only those that fit are read at a time', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk files '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'a.tif'), new Uint8Array(FILE_BYTES).fill(1));
  // There is no more than the budget: beyond it, not even the oldest job gets any.
  const pool = new PermitPool({ jobs: FILES, bytes: BUDGET, most: BUDGET });
  let most = 0;
  const runtime = stageRuntime({
    ports: stagePorts({ bucket: new FolderBucket(pathToFileURL(folder).href, '') }),
    limits: { maxFileBytes: 2 ** 30, maxHeight: 0, maxWidth: 0, maxFrames: 0 },
    emit: () => (most = Math.max(most, pool.held.bytes)),
  });
  const jobs = Array.from({ length: FILES }, async (_, index) => {
    const permit = await pool.acquire(never);
    permit.begin();
    const job = sampleJob({ key: `image:${index}`, inputFileName: 'a.tif' });
    return jobInFlight({}, { job, permit });
  });
  const ended = await lastValueFrom(
    from(jobs).pipe(
      mergeMap((job) => job),
      runStage(download, runtime),
      tap(({ permit }) => permit.release()),
      toArray(),
    ),
  );
  assert.deepEqual(
    ended.map(({ failure }) => failure),
    Array.from({ length: FILES }, () => undefined),
  );
  // Three at a time: 2.4 MB are never held.
  assert.ok(most >= FILE_BYTES && most <= BUDGET, `${most} bytes were reserved`);
  assert.equal(pool.held.bytes, 0);
});
