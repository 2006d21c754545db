import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { judge } from '../../scripts/fuzz/judge.ts';
import { mutateBytes } from '../../scripts/fuzz/mutate/bytes.ts';
import { mutatePng } from '../../scripts/fuzz/mutate/png.ts';
import { Random } from '../../scripts/fuzz/random.ts';
import { shrink } from '../../scripts/fuzz/shrink.ts';
import { startingInputs } from '../../scripts/fuzz/corpus.ts';
import { TARGETS } from '../../scripts/fuzz/targets.ts';
import type { Target } from '../../scripts/fuzz/targets/target.ts';

const target = (run: Target['run']): Target => ({ seeds: [], mutate: mutateBytes, run });

test('a refusal in words is no fault, and one behaviour whatever it quotes', async () => {
  const refusal = target((bytes) => {
    throw new KnownError(
      'corrupt_image',
      `"${bytes.length}.tif" is damaged: ${bytes.length} bytes.`,
    );
  });
  const [one, other] = [
    await judge(refusal, new Uint8Array(1)),
    await judge(refusal, new Uint8Array(2)),
  ];
  assert.equal(one.fault, undefined);
  assert.equal(one.behaviour, other.behaviour);
});

test('any other error is a fault, and so is a refusal that blames the consumer', async () => {
  const bug = target(() => {
    throw new TypeError('x is undefined');
  });
  const blame = target(() => {
    throw new KnownError('internal', 'A bug.');
  });
  assert.match(String((await judge(bug, new Uint8Array(1))).fault), /is undefined/);
  assert.match(String((await judge(blame, new Uint8Array(1))).fault), /bug/);
});

test('memory that is taken and given back counts', async () => {
  const hog = target(() => {
    // Written to, for only then is it there.
    new Uint8Array(140 * 2 ** 20).fill(1);
    return 'done';
  });
  assert.equal((await judge(hog, new Uint8Array(1))).fault, 'takes more than 128 MiB');
});

test('an input is made smaller as long as it still does what it did', async () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
  const small = await shrink(bytes, async (one) => one.includes(77) && one.includes(150));
  assert.deepEqual([...small], [77, 150]);
});

test('one seed makes one series of inputs, which leaves the input as it is', () => {
  const input = startingInputs('png', {
    ...target(() => ''),
    seeds: TARGETS['png']?.seeds ?? [],
  })[0];
  assert.ok(input);
  const before = input.slice();
  const series = (seed: number): string[] => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => Buffer.from(mutatePng(input, random)).toString('hex'));
  };
  assert.deepEqual(series(3), series(3));
  assert.notDeepEqual(series(3), series(4));
  assert.deepEqual(input, before);
});
