import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePresence } from '../../../../src/adapters/redis/jobs/presence.ts';

const nobody = {
  host: '',
  since: '',
  version: '',
  queues: [],
  pid: 0,
  boot: '',
  pidNamespace: '',
  startTicks: '',
};

test('reads what a consumer says about itself', () => {
  const presence = { ...nobody, host: 'pod-1', since: '2026-01-01T00:00:00Z', pid: 7 };
  assert.deepEqual(parsePresence(JSON.stringify({ ...presence, more: 1 })), presence);
});

test('takes what is missing or of another type for empty', () => {
  assert.deepEqual(parsePresence('{"pid":"7","host":"pod-1"}'), { ...nobody, host: 'pod-1' });
  for (const text of ['', 'null', '[]', '{', '"x"']) assert.deepEqual(parsePresence(text), nobody);
});
