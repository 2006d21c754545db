import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as scratch from '../../src/imaging/scratch.ts';

// A copy of its own, with nothing kept yet: other tests of this process leave arrays in the shared one.
const copy = new URL('../../src/imaging/scratch.ts?copy', import.meta.url);
// It is the module that the path names.
const { releaseScratch, retainedBytes, withScratch } = (await import(copy.href)) as typeof scratch;

const MEGABYTE = 1024 * 1024;

test('lends an array again once its scope has ended', () => {
  const first = withScratch((scratch) => scratch.int32(1000).buffer);
  const second = withScratch((scratch) => scratch.float32(900).buffer);
  assert.equal(second, first);
});

test('lends different arrays within a scope and to scopes inside it', () => {
  withScratch((outer) => {
    const buffers = new Set([outer.float32(1000).buffer, outer.float32(1000).buffer]);
    withScratch((inner) => {
      buffers.add(inner.float32(1000).buffer);
    });
    assert.equal(buffers.size, 3);
  });
});

test('takes arrays back when the work throws', () => {
  const before = retainedBytes();
  assert.throws(() =>
    withScratch((scratch) => {
      scratch.bytes(5 * MEGABYTE);
      throw new Error('no');
    }),
  );
  assert.equal(retainedBytes(), before + 5 * MEGABYTE);
});

test('refuses to let a borrowed array out, alone or in an object', () => {
  const message = /about to leave its scope/;
  assert.throws(() => withScratch((scratch) => scratch.bytes(8)), message);
  assert.throws(() => withScratch((scratch) => ({ data: scratch.float64(8) })), message);
});

test('refuses asynchronous work and requests after the end', () => {
  assert.throws(() => withScratch(() => Promise.resolve(1)), /asynchronous work/);
  const { take } = withScratch((scratch) => ({ take: () => scratch.bytes(1) }));
  assert.throws(take, /after its scope had ended/);
});

test('gives back what exceeds the limit', () => {
  withScratch((scratch) => {
    for (let i = 0; i < 5; i++) scratch.bytes(100 * MEGABYTE);
  });
  assert.ok(retainedBytes() <= 256 * MEGABYTE);
});

test('gives back all when asked, and keeps again what is used later', () => {
  releaseScratch();
  assert.equal(retainedBytes(), 0);
  withScratch((scratch) => scratch.bytes(MEGABYTE).length);
  assert.equal(retainedBytes(), MEGABYTE);
});
