import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KINDS } from '../chaos/parents/kinds.ts';
import { calmRun, runTrial } from '../chaos/parents/kills.ts';
import { Range } from '../chaos/parents/range.ts';
import { seededRandom } from '../../scripts/seeded-random.ts';

/** A few of the kills of `npm run chaos -- --parents …`, whose hosts come back: the wait for a lease is too long here. */
const TRIALS = [
  ['zip', 'SIGKILL', 7],
  ['movie', 'SIGTERM', 8],
  ['polaris', 'SIGKILL', 9],
] as const;

for (const [name, signal, seed] of TRIALS) {
  test(`${name}: ends with the same bytes and leaves nothing after a ${signal} at some moment`, async () => {
    const range = await Range.open(KINDS[name]());
    try {
      const calm = await calmRun(range);
      const { wrong, kill } = await runTrial(range, {
        signal,
        random: seededRandom(seed),
        calm,
        lost: 0,
      });
      assert.deepEqual(wrong, [], `${JSON.stringify(kill)}\n${range.pods.log}`);
    } finally {
      await range.close();
    }
  });
}
