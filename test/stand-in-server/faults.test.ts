import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { Faults } from '../../src/stand-in-server/faults.ts';

test('an error strikes as often as was said', async () => {
  const faults = new Faults();
  faults.script([{ type: 'error', status: 'UNAVAILABLE', details: 'loading', times: 2 }]);
  for (let time = 0; time < 2; time++) {
    await assert.rejects(faults.befall(1, 'Double'), {
      code: status.UNAVAILABLE,
      details: 'loading',
    });
  }
  await faults.befall(1, 'Double');
});

test('memory suffices for small batches', async () => {
  const faults = new Faults();
  faults.script([{ type: 'out of memory', aboveRows: 8 }]);
  await faults.befall(8, 'Double');
  await assert.rejects(faults.befall(9, 'Double'), {
    code: status.RESOURCE_EXHAUSTED,
    details: /^OOM/,
  });
});

test('a new script ends the old one, also for batches that wait', async () => {
  const faults = new Faults();
  faults.script([{ type: 'slow', ms: (rows) => rows * 60_000 }]);
  const slow = faults.befall(1, 'Double');
  faults.script([{ type: 'mute' }]);
  await slow;
  const lost = faults.befall(1, 'Double');
  faults.script([]);
  await assert.rejects(lost, { code: status.CANCELLED });
  await faults.befall(1, 'Double');
});

test('closing ends all waiting', async () => {
  const faults = new Faults();
  faults.script([{ type: 'mute' }]);
  const lost = faults.befall(1, 'Double');
  faults.close();
  await assert.rejects(lost, { code: status.CANCELLED });
  await assert.rejects(faults.befall(1, 'Double'), { code: status.CANCELLED });
});

test('a fault of one model spares the others', async () => {
  const faults = new Faults();
  faults.script([{ type: 'error', status: 'INTERNAL', details: 'cuDNN', model: 'Double' }]);
  await assert.rejects(faults.befall(1, 'Double'), { code: status.INTERNAL });
  await faults.befall(1, 'Echo');
});
