import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { bombs } from './bombs.ts';

const LIMITS = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 31, maxFrames: 60 };
const MOST_BYTES = 64 * 2 ** 20;
const all = bombs();

for (const { name, bytes, refused } of all) {
  test(`${name} of ${bytes.length} bytes is ${refused ? 'refused' : 'read'} within 64 MiB`, () => {
    const before = process.memoryUsage.rss();
    const decode = (): unknown => decodeImage({ bytes, name, limits: LIMITS });
    if (refused === undefined) assert.doesNotThrow(decode);
    else assert.throws(decode, { message: refused });
    // The highest that it has been: at most what it was before, and what this took.
    const grown = process.resourceUsage().maxRSS * 1024 - before;
    assert.ok(grown <= MOST_BYTES + highest, `${grown} bytes`);
  });
}

/** What building the bombs took. */
const highest = Math.max(0, process.resourceUsage().maxRSS * 1024 - process.memoryUsage.rss());
