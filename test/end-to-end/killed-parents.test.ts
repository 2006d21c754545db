import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KINDS, PODS_OF_ALL } from '../chaos/parents/kinds.ts';
import { calmRun, runTrial } from '../chaos/parents/kills.ts';
import { Range } from '../chaos/parents/range.ts';
import { seededRandom } from '../../src/seeded-random.ts';

/** A few of the kills of `npm run chaos -- --parents …`, whose hosts come back: the wait for a lease is too long here. */
const TRIALS = [
  ['zip', 'SIGKILL', 7],
  ['movie', 'SIGTERM', 8],
  ['polaris', 'SIGKILL', 9],
] as const;

let ranges: readonly Range[] = [];

before(async () => {
  const kinds = TRIALS.map(([name]) => KINDS[name]());
  ranges = await Range.openTogether({ kinds, pods: PODS_OF_ALL });
});
after(() => ranges[0]?.close());

for (const [at, [name, signal, seed]] of TRIALS.entries()) {
  test(`${name}: ends with the same bytes and leaves nothing after a ${signal} at some moment`, async () => {
    const range = ranges[at];
    assert.ok(range !== undefined);
    // The pod that took the place of the last one killed.
    await range.pods.ready();
    const calm = await calmRun(range);
    const { wrong, kill } = await runTrial(range, {
      signal,
      random: seededRandom(seed),
      calm,
      lost: 0,
    });
    assert.deepEqual(wrong, [], `${JSON.stringify(kill)}\n${range.pods.log}`);
  });
}
