import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bombs } from './bombs/bombs.ts';
import { measure } from './bombs/measure.ts';

const MOST_BYTES = 64 * 2 ** 20;

for (const bomb of bombs()) {
  const { name, bytes, refused } = bomb;
  test(`${name} of ${bytes.length} bytes is ${refused ? 'refused' : 'read'} within 64 MiB`, async () => {
    const cost = await measure(bomb);
    if (refused === undefined) assert.equal(cost.refused, undefined);
    else assert.match(cost.refused ?? 'read', refused);
    assert.ok(cost.bytes <= MOST_BYTES, `${cost.bytes} bytes`);
  });
}
