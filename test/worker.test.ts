import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ErrorCode, KnownError } from '../src/errors.ts';
import type { Fact } from '../src/facts/flow.ts';
import { submitChildren } from '../src/flow/submit-children.ts';
import type { AnyStage } from '../src/flow/stage.ts';
import type { Phases } from '../src/flow/running/run-phases.ts';
import { type StageContext, defineStage } from '../src/flow/stage.ts';
import { PermitPool } from '../src/intake/permits.ts';
import { Solo } from '../src/intake/solo.ts';
import { Worker, type WorkerOptions } from '../src/worker.ts';
import { FakeClock } from './fakes/fake-clock.ts';
import { InMemoryJobs } from '../src/testing/in-memory-jobs.ts';
import { stagePorts } from './harness/stages/stage-ports.ts';
import { stageRuntime } from './harness/stages/stage-runtime.ts';

const OPEN = { problem: () => undefined, wantsGuest: () => false };
const NEW = { status: 'new', input_file_name: 'uploads/a.tif' };
const RESULT = { output: { url: 'https://bucket/r.zip', fileName: 'output/r.zip' } };

let clock: FakeClock;
let server: InMemoryJobs;
let facts: Fact[];

beforeEach(() => {
  clock = new FakeClock();
  server = new InMemoryJobs(clock);
  facts = [];
});

interface Given extends Partial<WorkerOptions> {
  readonly host?: string;
  readonly queueName?: string;
  readonly jobs?: number;
}

/** A consumer whose one stage is `run`, started. */
async function start(
  run: (value: object, context: StageContext) => Promise<object>,
  given: Given = {},
): Promise<{ worker: Worker; ended: Promise<KnownError | undefined> }> {
  const stage = defineStage({ name: 'work', concurrency: 100, run });
  return startPhases({ work: [stage] }, given);
}

async function startPhases(
  phases: Phases,
  { host = 'pod-1', queueName = 'image', jobs = 4, ...given }: Given = {},
): Promise<{ worker: Worker; ended: Promise<KnownError | undefined> }> {
  const consumer = server.consumer({ queue: queueName, host });
  const worker = new Worker({
    ...consumer,
    accepts: () => true,
    phases,
    wakeOnFailure: false,
    permits: new PermitPool({ jobs, bytes: 1000 }),
    solo: new Solo(),
    runtime: stageRuntime({
      emit: (fact) => facts.push(fact),
      ports: stagePorts({ clock }),
      families: consumer.families,
      hashes: consumer.hashes,
      hostName: host,
    }),
    gate: OPEN,
    reconcileIntervalMs: 30_000,
    graceMs: 25_000,
    ...given,
  });
  const ended = worker.run();
  await clock.advance(0);
  return { worker, ended };
}

const never = (): Promise<never> => new Promise(() => undefined);
const fail = (code: ErrorCode) => async (): Promise<never> => {
  throw new KnownError(code, 'Because.');
};
const lists = (): Record<string, string[]> =>
  Object.fromEntries([...server.state.lists].filter(([, entries]) => entries.length > 0));
const outcomes = (): (readonly [string, string])[] =>
  facts.flatMap((fact) => (fact.type === 'job ended' ? [[fact.key, fact.outcome] as const] : []));

describe('a job', () => {
  it('is claimed, worked on and settled; nothing is left in any list', async () => {
    server.submit('image', 'image:1', NEW);
    const { worker, ended } = await start(async () => RESULT);
    await clock.advance(10);
    assert.equal(server.fields('image:1')['status'], 'done');
    assert.equal(server.fields('image:1')['output_url'], RESULT.output.url);
    worker.stop();
    await clock.advance(10);
    assert.equal(await ended, undefined);
    assert.deepEqual(lists(), {});
  });

  it('fails alone, with its reason', async () => {
    server.submit('image', 'image:1', NEW);
    server.submit('image', 'image:2', NEW);
    await start(async (_, { job }) => {
      if (job.key === 'image:1') throw new KnownError('corrupt_image', 'Broken.');
      return RESULT;
    });
    await clock.advance(10);
    assert.equal(server.fields('image:1')['reason'], 'Broken.');
    assert.equal(server.fields('image:2')['status'], 'done');
  });

  it('that holds memory which an older one needs goes back to the queue, and is done afterwards', async () => {
    server.submit('image', 'image:1', NEW);
    server.submit('image', 'image:2', NEW);
    const starts: string[] = [];
    await start(
      async (_, { job, reserve }) => {
        starts.push(job.key);
        await reserve(50);
        await clock.sleep(1000);
        await reserve(60);
        return RESULT;
      },
      { permits: new PermitPool({ jobs: 4, bytes: 100, most: 120 }) },
    );
    await clock.advance(3000);
    assert.deepEqual(starts, ['image:1', 'image:2', 'image:2']);
    assert.deepEqual(outcomes(), [
      ['image:2', 'returned'],
      ['image:1', 'done'],
      ['image:2', 'done'],
    ]);
  });

  it('of which the workflow says that it does not take it fails as the contract says', async () => {
    server.submit('image', 'image:1', NEW);
    await start(async () => RESULT, { accepts: () => false });
    await clock.advance(10);
    assert.equal(server.fields('image:1')['reason'], 'Invalid filetype for "image" job.');
  });

  it('fails when the workflow throws while asked, and does not come back', async () => {
    server.submit('image', 'image:1', NEW);
    await start(async () => RESULT, {
      accepts: () => {
        throw new TypeError('no such field');
      },
    });
    await clock.advance(120_000);
    assert.equal(server.fields('image:1')['status'], 'failed');
    assert.deepEqual(outcomes(), [['image:1', 'failed']]);
  });

  it('whose workflow delivers nothing fails, and the worker goes on', async () => {
    server.submit('image', 'image:1', NEW);
    server.submit('image', 'image:2', NEW);
    await start(async (_, { job }) => (job.key === 'image:1' ? {} : RESULT));
    await clock.advance(10);
    assert.equal(server.fields('image:1')['error_code'], 'internal');
    assert.equal(server.fields('image:2')['status'], 'done');
  });

  it('that is gone or finished is dropped, and nothing is written', async () => {
    server.state.pushLeft('image', 'image:gone');
    server.submit('image', 'image:done', { status: 'done', output_url: 'x' });
    await start(async () => RESULT);
    await clock.advance(10);
    assert.deepEqual(server.fields('image:gone'), {});
    assert.deepEqual(server.fields('image:done'), { status: 'done', output_url: 'x' });
    assert.deepEqual(lists(), {});
  });

  it('in work that turns up in the queue again keeps exactly one entry', async () => {
    server.submit('image', 'image:1', NEW);
    let runs = 0;
    await start(() => {
      runs++;
      return never();
    });
    await clock.advance(10);
    // A fail-over that lost the pop: the key is in the queue again, and in no processing list.
    server.state.take('processing-image:pod-1', 'image:1');
    server.state.pushLeft('image', 'image:1');
    await clock.advance(2000);
    assert.deepEqual(lists(), { 'processing-image:pod-1': ['image:1'] });
    assert.equal(runs, 1);
  });
});

describe('a worker that is told to stop', () => {
  it('lets jobs finish within the grace, and gives back what has not', async () => {
    server.submit('image', 'image:slow', NEW);
    server.submit('image', 'image:quick', NEW);
    const { worker, ended } = await start(async (_, { job, clock: time, signal }) => {
      await time.sleep(job.key === 'image:quick' ? 5000 : 60_000, signal);
      return RESULT;
    });
    await clock.advance(10);
    worker.stop();
    server.submit('image', 'image:late', NEW);
    await clock.advance(25_100);
    assert.equal(await ended, undefined);
    assert.equal(server.fields('image:quick')['status'], 'done');
    assert.deepEqual(lists(), { image: ['image:late', 'image:slow'] });
    assert.equal(server.fields('image:slow')['attempts'], '0');
  });

  it('gives everything back at once when told a second time', async () => {
    server.submit('image', 'image:1', NEW);
    const { worker, ended } = await start(never);
    await clock.advance(10);
    worker.stop();
    worker.stopNow();
    await clock.advance(10);
    assert.equal(await ended, undefined);
    assert.deepEqual(lists(), { image: ['image:1'] });
  });

  it('ends two seconds after the grace at the latest, with Redis away', async () => {
    server.submit('image', 'image:1', NEW);
    const { worker, ended } = await start(never);
    await clock.advance(10);
    server.trouble = 'down';
    worker.stop();
    await clock.advance(30_000);
    assert.equal(await ended, undefined);
    assert.deepEqual(outcomes(), [['image:1', 'abandoned']]);
  });

  it('says of Redis that was away to the end what it could not be told, as no line of a job', async () => {
    const { worker, ended } = await start(never);
    await clock.advance(10);
    server.trouble = 'down';
    worker.stop();
    await clock.advance(30_000);
    await ended;
    const untold = facts.flatMap((fact) => (fact.type === 'write failed' ? [fact] : []));
    assert.ok(untold.length > 0 && untold.every((fact) => fact.key === undefined));
    const errors = facts.flatMap((fact) => (fact.type === 'intake failed' ? [fact.error] : []));
    assert.equal(errors.at(-1)?.code, 'redis_unreachable');
    assert.match(errors.at(-1)?.message ?? '', /^Redis could not be told that this consumer stops/);
  });

  it('gives back a key that Redis moved without our hearing of it', async () => {
    const { worker, ended } = await start(never);
    await clock.advance(10);
    server.trouble = 'mute';
    server.submit('image', 'image:1', NEW);
    await clock.advance(6000);
    server.trouble = 'none';
    worker.stop();
    await clock.advance(3000);
    assert.equal(await ended, undefined);
    assert.deepEqual(lists(), { image: ['image:1'] });
  });
});

describe('trouble', () => {
  it('with wrong settings stops the worker and gives the jobs back', async () => {
    server.submit('image', 'image:1', NEW);
    const { ended } = await start(fail('bucket_auth'));
    await clock.advance(100);
    assert.equal((await ended)?.code, 'bucket_auth');
    assert.deepEqual(lists(), { image: ['image:1'] });
  });

  it('with Redis while a job is settled is waited for', async () => {
    server.submit('image', 'image:1', NEW);
    await start(async (_, { clock: time, signal }) => {
      await time.sleep(1000, signal);
      return RESULT;
    });
    await clock.advance(500);
    server.trouble = 'down';
    await clock.advance(60_000);
    server.trouble = 'none';
    await clock.advance(10_000);
    assert.equal(server.fields('image:1')['status'], 'done');
    assert.deepEqual(outcomes(), [['image:1', 'done']]);
  });

  it('with Redis that lasts for minutes delays the last write by seconds only', async () => {
    server.submit('image', 'image:1', NEW);
    await start(async (_, { clock: time, signal }) => {
      await time.sleep(1000, signal);
      return RESULT;
    });
    await clock.advance(500);
    server.trouble = 'down';
    await clock.advance(600_000);
    server.trouble = 'none';
    await clock.advance(5000);
    assert.equal(server.fields('image:1')['status'], 'done');
  });

  it('with a twin of the same host name stops the later one before it takes anything', async () => {
    await start(never);
    const { ended } = await start(never);
    await clock.advance(2000);
    assert.equal((await ended)?.code, 'duplicate_consumer');
  });
});

describe('a consumer that died', () => {
  it('has its jobs taken over by a peer within 30 seconds', async () => {
    server.submit('image', 'image:1', NEW);
    const dead = server.consumer({ host: 'pod-dead' });
    await dead.queue.register(new AbortController().signal);
    const key = await dead.queue.pop(new AbortController().signal);
    await dead.queue.open(key ?? '', { heldHere: false, alone: false });
    await start(async () => RESULT);
    await clock.advance(30_000);
    assert.equal(server.fields('image:1')['status'], 'done');
    assert.deepEqual(lists(), {});
  });

  it('may wake up: what it writes then is refused, and it gives the job up', async () => {
    server.submit('image', 'image:1', NEW);
    const sleepy = server.consumer({ host: 'pod-sleepy' });
    await sleepy.queue.register(new AbortController().signal);
    await sleepy.queue.pop(new AbortController().signal);
    const opened = await sleepy.queue.open('image:1', { heldHere: false, alone: false });
    assert.equal(opened.kind, 'opened');
    await start(async () => RESULT);
    await clock.advance(30_000);
    const before = server.fields('image:1');
    if (opened.kind === 'opened') {
      assert.equal(await sleepy.hashes.update(opened.claim, { status: 'predicting' }), false);
      assert.equal(await sleepy.hashes.settle(opened.claim, { status: 'failed' }), 'lost');
      assert.deepEqual((await sleepy.queue.beat([opened.claim])).lost, ['image:1']);
    }
    assert.deepEqual(server.fields('image:1'), before);
  });
});

describe('a job that crashes its workers', () => {
  /** A claim whose process ends without a word. */
  async function crashWith(key: string): Promise<void> {
    const dying = server.consumer({ host: 'pod-dying' });
    const signal = new AbortController().signal;
    await dying.queue.register(signal);
    await dying.queue.pop(signal);
    await dying.queue.open(key, { heldHere: false, alone: true });
    await clock.advance(21_000);
    const heir = server.consumer({ host: 'pod-heir' });
    await heir.queue.takeOverDead();
  }

  it('runs alone after two crashes', async () => {
    server.submit('image', 'image:1', NEW);
    await crashWith('image:1');
    await crashWith('image:1');
    server.submit('image', 'image:2', NEW);
    server.submit('image', 'image:3', NEW);
    const running = new Set<string>();
    const together: string[][] = [];
    const { worker } = await start(async (_, { job, clock: time, signal }) => {
      running.add(job.key);
      together.push([...running]);
      await time.sleep(1000, signal);
      running.delete(job.key);
      return RESULT;
    });
    await clock.advance(10_000);
    assert.equal(server.fields('image:1')['status'], 'done');
    assert.ok(together.some((keys) => keys.length === 1 && keys[0] === 'image:1'));
    assert.ok(together.every((keys) => keys.length === 1 || !keys.includes('image:1')));
    worker.stop();
  });

  it('fails after three, and is among the dead letters', async () => {
    server.submit('image', 'image:1', NEW);
    for (let crash = 0; crash < 3; crash++) await crashWith('image:1');
    await start(async () => RESULT);
    await clock.advance(100);
    assert.equal(server.fields('image:1')['error_code'], 'crashed_worker');
    assert.match(server.fields('image:1')['reason'] ?? '', /crashed its worker 3 times/);
    const letters = await server.letters.list('image');
    assert.deepEqual(
      letters.map(({ key }) => key),
      ['image:1'],
    );
    assert.deepEqual(lists(), {});
  });
});

describe('a job made of jobs', () => {
  const split = (count: number): AnyStage =>
    defineStage({
      name: 'split',
      concurrency: 1,
      run: async () => ({
        children: Array.from({ length: count }, (_, n) => ({
          queue: 'image',
          name: `${n}.tif`,
          fields: { input_file_name: `output/${n}.tif` },
        })),
      }),
    });
  const join = defineStage({
    name: 'join',
    concurrency: 1,
    run: async (_: object, { family, note }) => {
      const ends: string[] = [];
      for await (const { place, outcome } of family.children([])) ends.push(`${place} ${outcome}`);
      note({ ends: ends.join(', ') });
      return RESULT;
    },
  });
  const phases = (count: number): Phases => ({
    split: [split(count), submitChildren],
    join: [join],
  });
  const parent = { ...NEW, input_file_name: 'uploads/a.zip' };

  it('keeps what its split has warned of, while it waits and when it is done', async () => {
    const odd = defineStage({
      name: 'odd',
      concurrency: 1,
      run: async (_: object, { warn }) => {
        warn('The image is odd.');
        return {};
      },
    });
    const { split: splitting = [], join: joining } = phases(1);
    const whole = { split: [odd, ...splitting], ...(joining && { join: joining }) };
    server.submit('image-zip', 'image-zip:1', parent);
    const remarksOn = (): string[] => ['The field is unknown.'];
    await startPhases(whole, { queueName: 'image-zip', remarksOn });
    await clock.advance(100);
    const said = 'The field is unknown.\nThe image is odd.';
    const state = (): unknown[] => {
      const { status, warnings } = server.fields('image-zip:1');
      return [status, warnings];
    };
    assert.deepEqual(state(), ['waiting', said]);
    await start(async () => RESULT);
    await clock.advance(100);
    assert.deepEqual(state(), ['done', said]);
    assert.equal(facts.filter(({ type }) => type === 'job warned').length, 2);
  });

  it('is parked while its children run, and joined when the last has ended', async () => {
    server.submit('image-zip', 'image-zip:1', parent);
    const { worker } = await startPhases(phases(3), { queueName: 'image-zip' });
    await clock.advance(100);
    assert.equal(server.fields('image-zip:1')['status'], 'waiting');
    assert.deepEqual(worker.load, { working: 0, parked: 1 });
    assert.deepEqual(lists()['processing-image-zip:pod-1'], ['image-zip:1']);

    await start(async (_, { job }) => {
      if (job.originalName.endsWith('1.tif')) throw new KnownError('corrupt_image', 'Broken.');
      return RESULT;
    });
    await clock.advance(100);
    const fields = server.fields('image-zip:1');
    assert.equal(fields['status'], 'done');
    assert.equal(fields['ends'], '0 done, 1 failed, 2 done');
    assert.equal(fields['children:done'], '2');
    assert.equal(fields['children:failed'], '1');
    assert.deepEqual(lists(), {});
  });

  it('without children is joined at once', async () => {
    server.submit('image-zip', 'image-zip:1', parent);
    await startPhases(phases(0), { queueName: 'image-zip' });
    await clock.advance(100);
    assert.equal(server.fields('image-zip:1')['status'], 'done');
  });

  it('goes back to the queue at a stop; the next holder parks it again without splitting', async () => {
    server.submit('image-zip', 'image-zip:1', parent);
    const first = await startPhases(phases(2), { queueName: 'image-zip' });
    await clock.advance(100);
    first.worker.stop();
    await clock.advance(100);
    await first.ended;
    assert.deepEqual(lists()['image-zip'], ['image-zip:1']);

    let splits = 0;
    const again = defineStage({
      name: 'split',
      concurrency: 1,
      run: async () => {
        splits++;
        return { children: [] };
      },
    });
    const next = { split: [again, submitChildren], join: [join] };
    await startPhases(next, { queueName: 'image-zip', host: 'pod-2' });
    await clock.advance(100);
    assert.equal(splits, 0);
    assert.equal(lists()['image']?.length, 2);
    await start(async () => RESULT);
    await clock.advance(100);
    assert.equal(server.fields('image-zip:1')['ends'], '0 done, 1 done');
  });

  it('hears of children that another kind of consumer finished', async () => {
    server.submit('image-zip', 'image-zip:1', parent);
    await startPhases(phases(1), { queueName: 'image-zip' });
    await clock.advance(100);
    const [child = ''] = lists()['image'] ?? [];
    server.state.take('image', child);
    server.state.write(child, { status: 'done' });
    await clock.advance(10_000);
    assert.equal(server.fields('image-zip:1')['status'], 'done');
  });
});
