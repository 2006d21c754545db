import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hasEnded, processIdentity } from '../../../../src/adapters/redis/jobs/process-identity.ts';

const self = processIdentity();

test('tells a process that runs from one that has ended', async () => {
  assert.equal(hasEnded(self, self), false);
  const child = spawn('sleep', ['60']);
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
  const other = { ...self, pid: child.pid ?? 0, startTicks: stat[21] ?? '' };
  assert.equal(hasEnded(other, self), false);
  child.kill();
  await once(child, 'exit');
  assert.equal(hasEnded(other, self), true);
});

test('knows that a pid is used again by when its process started', () => {
  assert.equal(hasEnded({ ...self, startTicks: '1' }, self), true);
});

test('does not judge processes of other machines, other containers, or of unknown origin', () => {
  const dead = { ...self, startTicks: '1' };
  assert.equal(hasEnded({ ...dead, boot: 'another' }, self), false);
  assert.equal(hasEnded({ ...dead, pidNamespace: 'pid:[1]' }, self), false);
  assert.equal(hasEnded({ ...dead, startTicks: '' }, self), false);
  assert.equal(hasEnded({ ...dead, boot: '' }, { ...self, boot: '' }), false);
});
