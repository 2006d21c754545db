import assert from 'node:assert/strict';
import { it } from 'node:test';
import { backoffMs } from '../../../../src/adapters/model-server/scheduler/backoff.ts';

const rounds = [0, 1, 2, 3, 4, 5, 40];

it('doubles from a tenth to the longest pause', () => {
  const delays = rounds.map((round) => backoffMs(round, { longestMs: 3000, random: () => 1 }));
  assert.deepEqual(delays, [300, 600, 1200, 2400, 3000, 3000, 3000]);
});

it('is random by half', () => {
  const delays = rounds.map((round) => backoffMs(round, { longestMs: 3000, random: () => 0 }));
  assert.deepEqual(delays, [150, 300, 600, 1200, 1500, 1500, 1500]);
});
