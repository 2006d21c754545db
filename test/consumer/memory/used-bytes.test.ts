import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usedBytes } from '../../../src/consumer/memory/used-bytes.ts';

test('memory that is touched is in use, and files that are mapped are not', () => {
  const before = usedBytes();
  assert.ok(before > 2 ** 20);
  const kept = new Uint8Array(64 * 2 ** 20).fill(1);
  const grown = usedBytes() - before;
  assert.ok(grown > 48 * 2 ** 20, `${grown} bytes for ${kept.length}`);
  assert.ok(usedBytes() <= process.memoryUsage.rss());
});
