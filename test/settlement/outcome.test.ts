import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, KnownError } from '../../src/errors.ts';
import type { InFlight } from '../../src/flow/in-flight.ts';
import { JobWarnings } from '../../src/job/job-warnings.ts';
import type { Outcome } from '../../src/job/outcome.ts';
import { outcomeOf } from '../../src/settlement/outcome.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { jobInFlight, sampleJob } from '../harness/stages/job-in-flight.ts';

const RESULT = { output: { url: 'https://bucket/r.zip', fileName: 'output/r.zip' } };

function endOf(given: Partial<InFlight<object>>, more: { bury?: boolean } = {}): Outcome {
  const ending = { item: jobInFlight({}, given), bury: false, wakeOnFailure: false, ...more };
  return outcomeOf(ending, new FakeClock());
}

const failed = (code: ErrorCode, message = 'Because.'): Outcome =>
  endOf({ failure: new KnownError(code, message) });

test('a result is done, with all fields in one write', () => {
  assert.deepEqual(endOf({ value: RESULT, notes: new Map([['download_time', '0.1']]) }), {
    kind: 'done',
    fields: {
      total_jobs: '1',
      total_time: '0',
      download_time: '0.1',
      finished_at: '2026-01-01T00:00:00.000Z',
      status: 'done',
      progress: '100',
      output_url: 'https://bucket/r.zip',
      output_file_name: 'output/r.zip',
    },
  });
});

test('warnings are written, and those of an earlier run of the job do not stay', () => {
  const warned = (warnings: JobWarnings, fields = {}): string | undefined => {
    const outcome = endOf({ value: RESULT, warnings, job: sampleJob({ fields }) });
    return 'fields' in outcome ? outcome.fields['warnings'] : 'none';
  };
  const some = new JobWarnings(undefined, ['0 cells.', 'Odd.']);
  assert.equal(warned(some), '0 cells.\nOdd.');
  assert.equal(warned(new JobWarnings(), { warnings: 'Old.' }), '');
  assert.equal(warned(new JobWarnings()), undefined);
});

test('what one input caused fails the job, with the reason and its code', () => {
  assert.deepEqual(failed('corrupt_image', 'Broken.'), {
    kind: 'failed',
    error: new KnownError('corrupt_image', 'Broken.'),
    fields: {
      finished_at: '2026-01-01T00:00:00.000Z',
      status: 'failed',
      reason: 'Broken.',
      error_code: 'corrupt_image',
    },
  });
});

test('a reason is never empty', () => {
  const outcome = failed('internal', ' ');
  assert.equal(outcome.kind === 'failed' && outcome.fields['reason'], 'internal');
});

test('stopping, wrong settings and a Redis that is away return the job, a lost claim writes nothing', () => {
  assert.equal(failed('redis_unreachable').kind, 'returned');
  assert.equal(failed('shutting_down').kind, 'returned');
  assert.equal(failed('bucket_auth').kind, 'returned');
  assert.equal(failed('claim_lost').kind, 'lost');
});

test('a job that crashed its workers is buried', () => {
  const failure = new KnownError('crashed_worker', 'Three times.');
  assert.equal(endOf({ failure }, { bury: true }).kind, 'buried');
});

test('a workflow that delivers nothing, or nonsense, fails its job in words', () => {
  for (const value of [{}, { output: undefined }, { output: { url: 1 } }]) {
    const outcome = endOf({ value });
    assert.equal(outcome.kind, 'failed');
    assert.match(outcome.kind === 'failed' ? outcome.error.message : '', /deliver "output"/);
  }
});

test('a job that was split is parked, with the fields noted', () => {
  const notes = new Map([['children_upload_time', '2']]);
  assert.deepEqual(endOf({ phase: 'split', value: { submitted: 7 }, notes }), {
    kind: 'parked',
    parking: {
      total: 7,
      wakeOnFailure: false,
      fields: { children_upload_time: '2', status: 'waiting' },
    },
  });
});
