import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KINDS, type KindName } from '../chaos/parents/kinds.ts';
import { calmRun, runTrial } from '../chaos/parents/kills.ts';
import { Range } from '../chaos/parents/range.ts';
import { seeded } from '../chaos/random.ts';

/** A few of the kills of `npm run chaos -- --parents …`, whose hosts come back: the wait for a lease is too long here. */
const names: readonly KindName[] = ['zip', 'movie', 'polaris'];
for (const name of names) {
  test(`${name}: ends with the same bytes and leaves nothing, whoever is killed when`, async () => {
    const range = await Range.open(KINDS[name]());
    try {
      const calm = await calmRun(range);
      const random = seeded(7);
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        const { wrong, kill } = await runTrial(range, { signal, random, calm, lost: 0 });
        assert.deepEqual(wrong, [], `${JSON.stringify(kill)}\n${range.pods.log}`);
      }
    } finally {
      await range.close();
    }
  });
}
