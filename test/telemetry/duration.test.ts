import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { duration } from '../../src/telemetry/duration.ts';
import { STATUS_PAGE } from '../../src/telemetry/status-page.ts';

const WORDS = [
  [-5, '0 s'],
  [0, '0 s'],
  [1499, '1 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '120 min'],
  [7_200_000, '2 h'],
  [172_799_000, '48 h'],
  [172_800_000, '2 d'],
  [864_000_000, '10 d'],
] as const;

test('a unit is used from twice its length on', () => {
  for (const [ms, words] of WORDS) assert.equal(duration(ms), words);
});

test('the status page has the same function', () => {
  const [, source = ''] = /const duration = (function [^]+?\n\});/.exec(STATUS_PAGE.body) ?? [];
  // Its source is our own.
  const found = runInNewContext(`(${source})`) as typeof duration;
  for (const [ms, words] of WORDS) assert.equal(found(ms), words);
});
