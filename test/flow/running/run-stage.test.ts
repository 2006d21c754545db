import assert from 'node:assert/strict';
import { test } from 'node:test';
import { from, lastValueFrom, merge, of, tap, toArray } from 'rxjs';
import { KnownError } from '../../../src/errors.ts';
import type { Fact } from '../../../src/facts/flow.ts';
import { breakersOf } from '../../../src/flow/circuit-breaker/breakers.ts';
import type { InFlight } from '../../../src/flow/in-flight.ts';
import { runStage } from '../../../src/flow/running/run-stage.ts';
import type { StageRuntime } from '../../../src/flow/running/stage-runtime.ts';
import { type AnyStage, defineStage } from '../../../src/flow/stage.ts';
import { PermitPool } from '../../../src/intake/permits.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { freePermit, jobInFlight } from '../../harness/stages/job-in-flight.ts';
import { hasSettled } from '../../harness/promise-state.ts';
import { stageRuntime } from '../../harness/stages/stage-runtime.ts';

interface Numbered {
  readonly n: number;
}

const inFlight = (n: number, given: Partial<InFlight<Numbered>> = {}): InFlight<Numbered> => {
  const { job } = jobInFlight({ n });
  return jobInFlight({ n }, { job: { ...job, key: `image:${n}` }, ...given });
};

const runtime = (facts: Fact[] = []): StageRuntime =>
  stageRuntime({ emit: (fact) => facts.push(fact) });

function run(
  stage: AnyStage,
  items: readonly InFlight<Numbered>[],
  facts: Fact[] = [],
): Promise<InFlight<object>[]> {
  return lastValueFrom(from(items).pipe(runStage(stage, runtime(facts)), toArray()));
}

const never = new AbortController().signal;

const numbers = (count: number): InFlight<Numbered>[] =>
  Array.from({ length: count }, (_, n) => inFlight(n));

test('a stage adds to the value and forgets what it frees', async () => {
  const square = defineStage({
    name: 'square',
    concurrency: 2,
    frees: ['n'],
    run: async ({ n }: Numbered) => ({ square: n * n }),
  });
  const [item] = await run(square, [inFlight(3)]);
  assert.deepEqual(item?.value, { square: 9 });
});

test('a job that must wait for a place waits in the stage, however many wait: its memory can be asked for', async () => {
  const facts: Fact[] = [];
  const { promise, resolve } = Promise.withResolvers<object>();
  const stage = defineStage({ name: 'busy', concurrency: 1, run: () => promise });
  const all = run(stage, numbers(200), facts);
  assert.equal(facts.filter(({ type }) => type === 'stage entered').length, 200);
  resolve({});
  await all;
});

test('never more jobs run in a stage than its concurrency, and all of them do', async () => {
  let running = 0;
  let most = 0;
  const stage = defineStage({
    name: 'busy',
    concurrency: 3,
    run: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {};
    },
  });
  const items = await run(stage, numbers(20));
  assert.equal(items.length, 20);
  assert.equal(most, 3);
});

test('a throw becomes the failure of that job alone', async () => {
  const stage = defineStage({
    name: 'picky',
    concurrency: 1,
    run: async ({ n }: Numbered) => {
      if (n === 1) throw new KnownError('corrupt_image', 'No image.');
      if (n === 2) throw new TypeError('a bug');
      return {};
    },
  });
  const items = await run(stage, numbers(4));
  const codes = new Map(items.map(({ job, failure }) => [job.key, failure?.code]));
  assert.deepEqual(
    [...codes],
    [
      ['image:0', undefined],
      ['image:1', 'corrupt_image'],
      ['image:2', 'internal'],
      ['image:3', undefined],
    ],
  );
});

test('a job that failed before passes by while the stage is full', async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  const stage = defineStage({
    name: 'slow',
    concurrency: 1,
    run: async () => {
      await release;
      return {};
    },
  });
  const failed = inFlight(1, { failure: new KnownError('corrupt_image', 'No image.') });
  const stream = from([inFlight(0), failed]).pipe(runStage(stage, runtime()));
  const done = new Promise<void>((ended) => {
    stream.subscribe({
      next: ({ job }) => {
        order.push(job.key);
        resolve();
      },
      complete: ended,
    });
  });
  await done;
  assert.deepEqual(order, ['image:1', 'image:0']);
});

test('an unavailable remote is tried again, bad input is not', async () => {
  let attempts = 0;
  const facts: Fact[] = [];
  const stage = (error: KnownError): AnyStage =>
    defineStage({
      name: 'remote',
      concurrency: 1,
      retry: 'unavailable',
      run: async () => {
        if (++attempts < 3) throw error;
        return { attempts };
      },
    });
  const [recovered] = await run(
    stage(new KnownError('bucket_unavailable', '503')),
    [inFlight(0)],
    facts,
  );
  assert.deepEqual(recovered?.value, { n: 0, attempts: 3 });
  assert.equal(facts.filter(({ type }) => type === 'stage retried').length, 2);

  attempts = 0;
  const [failed] = await run(stage(new KnownError('missing_object', 'Gone.')), [inFlight(0)]);
  assert.equal(failed?.failure?.code, 'missing_object');
  assert.equal(attempts, 1);
});

test('one step of a stage is tried again alone, and bad input ends it', async () => {
  const steps: string[] = [];
  let outages = 2;
  const stage = defineStage({
    name: 'steps',
    concurrency: 1,
    run: async ({ n }: Numbered, { persist }) => {
      steps.push('first');
      await persist('bucket_read', async () => {
        steps.push('second');
        if (n === 1) throw new KnownError('corrupt_archive', 'Broken.');
        if (outages-- > 0) throw new KnownError('bucket_unavailable', 'Away.');
      });
      return {};
    },
  });
  const facts: Fact[] = [];
  const items = await run(stage, numbers(2), facts);
  assert.deepEqual(
    items.map(({ failure }) => failure?.code),
    [undefined, 'corrupt_archive'],
  );
  assert.deepEqual(steps, ['first', 'second', 'second', 'second', 'first', 'second']);
  assert.equal(facts.filter(({ type }) => type === 'stage retried').length, 2);
});

test('a remote that serves nobody gives its jobs back, whichever stage asks it', async () => {
  const down = new KnownError('bucket_unavailable', 'HTTP 503.');
  const stage = defineStage({
    name: 'download',
    concurrency: 8,
    retry: 'unavailable',
    remote: 'bucket_read',
    run: () => Promise.reject(down),
  });
  const clock = new FakeClock();
  const breakers = breakersOf([stage], {
    clock,
    jobs: 100,
    firstPauseMs: 1,
    longestPauseMs: 2,
    emit: () => {},
    controls: {},
  });
  const { ports } = runtime();
  const stream = from(numbers(5)).pipe(
    runStage(stage, stageRuntime({ breakers, ports: { ...ports, clock } })),
    toArray(),
  );
  const ended = lastValueFrom(stream);
  await clock.advance(2000);
  const codes = (await ended).map(({ failure }) => failure?.code);
  assert.deepEqual(codes, Array(5).fill('remote_outage'));
});

test('a stage whose time is up fails its job and is told so', async () => {
  let told = false;
  const stage = defineStage({
    name: 'endless',
    concurrency: 1,
    timeoutMs: 5,
    run: (_: object, { signal }) =>
      new Promise<object>(() => {
        signal.addEventListener('abort', () => (told = true));
      }),
  });
  const [item] = await run(stage, [inFlight(0)]);
  assert.equal(item?.failure?.code, 'job_timeout');
  assert.ok(told);
});

test('a job that is given up leaves the stage at once with the reason', async () => {
  const control = new AbortController();
  const stage = defineStage({
    name: 'endless',
    concurrency: 1,
    run: () => {
      control.abort(new KnownError('shutting_down', 'Stopping.'));
      return new Promise<object>(() => {});
    },
  });
  const [item] = await run(stage, [inFlight(0, { signal: control.signal })]);
  assert.equal(item?.failure?.code, 'shutting_down');
});

test('what a stage will hold is reserved before it takes a place', async () => {
  const reserved: number[] = [];
  const permit = freePermit({
    tryReserve: () => false,
    reserve: async (bytes: number) => void reserved.push(bytes),
  });
  const stage = defineStage({
    name: 'large',
    concurrency: 1,
    footprint: ({ n }: Numbered) => n * 1000,
    run: async () => ({ reservedBefore: reserved.length }),
  });
  const [item] = await run(stage, [inFlight(7, { permit })]);
  assert.deepEqual(reserved, [7000]);
  assert.deepEqual(item?.value, { n: 7, reservedBefore: 1 });
});

test('a stage that says nothing of its memory is taken to need as much again as its value', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 10_000 });
  const permit = await pool.acquire(never);
  let during = 0;
  const stage = defineStage({
    name: 'custom',
    concurrency: 1,
    run: async () => {
      during = pool.held.bytes;
      return { result: new Float32Array(25) };
    },
  });
  permit.holds(400);
  const item = jobInFlight({ image: new Float32Array(100) }, { permit });
  await lastValueFrom(of(item).pipe(runStage(stage, runtime())));
  assert.equal(during, 800);
  assert.equal(pool.held.bytes, 500);
});

test('a job that failed holds no memory any more', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 10_000 });
  const permit = await pool.acquire(never);
  const stage = defineStage({
    name: 'picky',
    concurrency: 1,
    footprint: () => 5000,
    run: async () => {
      throw new KnownError('corrupt_image', 'No image.');
    },
  });
  await run(stage, [inFlight(0, { permit })]);
  assert.deepEqual(pool.held, { jobs: 1, bytes: 0 });
});

test('a job that waits for memory lends its place: jobs cannot block each other for ever', async () => {
  const pool = new PermitPool({ jobs: 2, bytes: 100 });
  const [older, younger] = [await pool.acquire(never), await pool.acquire(never)];
  await older.reserve(60, never);
  await younger.reserve(30, never);
  const order: string[] = [];
  const stage = defineStage({
    name: 'grows',
    concurrency: 1,
    footprint: () => 0,
    run: async (_: object, { job, reserve }) => {
      await reserve(40);
      order.push(job.key);
      return {};
    },
  });
  // The younger job gets the only place first, and cannot grow before the older one has ended.
  const { promise: late, resolve: arrive } = Promise.withResolvers<InFlight<Numbered>>();
  const items = merge(of(inFlight(2, { permit: younger, claimedAt: 2 })), from(late));
  const ended = lastValueFrom(
    items.pipe(
      runStage(stage, runtime()),
      tap(({ permit }) => permit.release()),
      toArray(),
    ),
  );
  await hasSettled(ended);
  assert.deepEqual(order, []);
  arrive(inFlight(1, { permit: older, claimedAt: 1 }));
  await ended;
  assert.deepEqual(order, ['image:1', 'image:2']);
});

test('facts tell the life of a job in a stage, in order, with the fields noted before it', async () => {
  const facts: Fact[] = [];
  const stage = defineStage({
    name: 'predict',
    concurrency: 1,
    status: 'predicting',
    timing: 'prediction_time',
    run: async (_: object, { note, progress }) => {
      progress(0.5);
      note({ predict_retries: 2 });
      return {};
    },
  });
  const [item] = await run(
    stage,
    [inFlight(0, { notes: new Map([['download_time', '1']]) })],
    facts,
  );
  assert.deepEqual(
    facts.map(({ type }) => type),
    ['stage entered', 'stage started', 'stage progressed', 'stage ended'],
  );
  const started = facts[1];
  assert.ok(started?.type === 'stage started');
  assert.equal(started.status, 'predicting');
  assert.deepEqual(started.notes, { download_time: '1' });
  assert.equal(item?.notes.get('predict_retries'), '2');
  assert.ok(Number(item?.notes.get('prediction_time')) >= 0);
});
