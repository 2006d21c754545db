import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearMisses } from '../../src/config/near-misses.ts';

const KNOWN = ['JOBS_IN_FLIGHT', 'REDIS_HOST', 'HTTP_PORT', 'QUEUE', 'DEBUG', 'TF_PORT'];

test('a variable that is one or two mistakes away from one that is read is probably that one', () => {
  assert.deepEqual(nearMisses(['JOB_IN_FLIGHT', 'REDIS_HSOT', 'QUEUES'], KNOWN), [
    { name: 'JOB_IN_FLIGHT', meant: 'JOBS_IN_FLIGHT' },
    { name: 'REDIS_HSOT', meant: 'REDIS_HOST' },
    { name: 'QUEUES', meant: 'QUEUE' },
  ]);
});

test('variables that systems and Kubernetes set are left alone, as are those that are read', () => {
  const others = ['HTTP_PROXY', 'HOME', 'PATH', 'TERM', 'HOSTTYPE', 'TF_SERVING_PORT', 'TZ'];
  const links = ['REDIS_PORT_6379_TCP', 'REDIS_SERVICE_HOST', 'REDIS_PORT_6379_TCP_PORT'];
  assert.deepEqual(nearMisses([...others, ...links, ...KNOWN], KNOWN), []);
});
