import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Found } from '../../../src/consumer/first-try/first-tries.ts';
import { modelsTry } from '../../../src/consumer/first-try/try-models.ts';
import { InProcessModels } from '../../../src/testing/in-process-models.ts';
import { doubling } from '../../harness/processes/consumer-process.ts';

const { name, version } = doubling;
const SERVED = { model: { name, version }, variable: 'OWN_MODEL' };
const MISSING = { model: { name: 'Nope', version: 3 }, variable: 'MESMER_MODEL' };
const { signal } = new AbortController();

async function tried(models: readonly (typeof SERVED)[], isAll = true): Promise<Found | undefined> {
  const server = new InProcessModels(doubling);
  const [one] = modelsTry(server, 'tf-serving:8500', { models, isAll });
  return one?.attempt(signal);
}

test('models that a server knows are up; for one that none knows the message names the variable', async () => {
  assert.deepEqual(await tried([SERVED]), { state: 'up' });
  const problem = `There is no model Nope:3; served are ${name}:${version}. Load it, or set MESMER_MODEL.`;
  assert.deepEqual(await tried([MISSING]), { state: 'down', problem });
  assert.deepEqual(await tried([MISSING, SERVED]), { state: 'partly', problem });
  assert.deepEqual(await tried([MISSING], false), { state: 'partly', problem });
});

test('a workflow without models tries none', async () => {
  assert.equal(await tried([]), undefined);
});
