import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Permit } from '../../../src/flow/in-flight.ts';
import { StageMemory } from '../../../src/flow/running/stage-memory.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { freePermit } from '../../harness/stages/job-in-flight.ts';

/** Memory for a stage that got 100 bytes, and what its permit was told and its listener heard. */
function memoryOf(given: Partial<Permit> = {}) {
  const told: string[] = [];
  const heard: number[] = [];
  const permit = freePermit({
    tryReserve: (bytes) => {
      told.push(`reserve ${bytes}`);
      return true;
    },
    giveBack: (bytes) => void told.push(`give back ${bytes}`),
    holds: (bytes) => void told.push(`holds ${bytes}`),
    arrive: (stage) => void told.push(`arrive at ${stage}`),
    ...given,
  });
  const memory = new StageMemory({
    stage: 'work',
    permit,
    value: { bytes: new Uint8Array(100) },
    signal: new AbortController().signal,
    clock: new FakeClock(),
    onChange: (bytes) => heard.push(bytes),
  });
  return { memory, told, heard };
}

test('what a stage reserves adds to what its value holds, and can be given back once', async () => {
  const { memory, told, heard } = memoryOf();
  await memory.enter(20);
  const giveBack = await memory.reserve(5);
  giveBack();
  giveBack();
  assert.deepEqual(told, ['arrive at work', 'reserve 20', 'reserve 5', 'give back 5']);
  assert.deepEqual(heard, [120, 125, 120]);
});

test('a stage that needs nothing only tells what its value holds', async () => {
  const { memory, told, heard } = memoryOf();
  await memory.enter(0);
  assert.deepEqual([told, heard], [['arrive at work'], [100]]);
});

test('another try begins with what the first began with', async () => {
  const { memory, told } = memoryOf();
  await memory.enter(20);
  await memory.reserve(7);
  memory.tryReserve(3);
  memory.restart();
  memory.restart();
  assert.deepEqual(told, [
    'arrive at work',
    'reserve 20',
    'reserve 7',
    'reserve 3',
    'give back 10',
  ]);
});

test('at the end the job holds what is left; what is given back or asked for later is ignored', async () => {
  const { memory, told } = memoryOf();
  const giveBack = await memory.reserve(50);
  memory.end({ result: new Uint8Array(30) });
  giveBack();
  assert.equal(memory.tryReserve(1), undefined);
  assert.deepEqual(told, ['reserve 50', 'holds 30']);
});

test('where there is no room tryReserve says so, and reserve waits, with its place lent to others', async () => {
  const log: string[] = [];
  const { memory, heard } = memoryOf({
    tryReserve: () => false,
    reserve: async (bytes) => void log.push(`waited for ${bytes}`),
  });
  memory.place = {
    lend: async (wait: () => Promise<void>) => {
      log.push('lent');
      await wait();
      log.push('back');
    },
  } as unknown as NonNullable<StageMemory['place']>; // nothing else of it is used
  assert.equal(memory.tryReserve(9), undefined);
  await memory.reserve(9);
  assert.deepEqual(log, ['lent', 'waited for 9', 'back']);
  assert.deepEqual(heard, [109]);
});

test('who waits when the stage ends is told, and gets nothing', async () => {
  const { memory, heard } = memoryOf({
    tryReserve: () => false,
    reserve: (_, signal) =>
      new Promise((__, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      ),
  });
  const waiting = memory.reserve(9);
  memory.end({ bytes: new Uint8Array(100) });
  await assert.rejects(waiting, { message: 'The stage that asked for memory has ended.' });
  assert.deepEqual(heard, []);
});
