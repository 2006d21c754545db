import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  batchCall,
  batchOf,
} from '../../../../../src/adapters/model-server/scheduler/requests/batch.ts';
import { sampleItems } from '../sample-requests.ts';

const options = { deadlineMs: 1000, signal: new AbortController().signal };

it('sends neighbouring rows of a request as one view on its tensor', () => {
  const [a0, a1, a2, a3] = sampleItems({ job: 'a', rows: 4 });
  const [b0, b1] = sampleItems({ job: 'b', rows: 2 });
  assert.ok(a0 && a1 && a2 && a3 && b0 && b1);
  const call = batchCall(batchOf([a0, b0, a1, b1, a3]), options);
  const [image] = call.inputs;
  assert.deepEqual(image?.shape, [5, 2]);
  assert.deepEqual(
    image?.parts.map((part) => [...part]),
    [
      [0, 0, 1, 1],
      [3, 3],
      [0, 0, 1, 1],
    ],
  );
  assert.equal(image?.parts[0]?.buffer, a0.request.asked.inputs['image']?.data.buffer);
});

it('sends the rows of a request that must stay whole together', () => {
  const [whole] = sampleItems({ rows: 3, splittable: false });
  assert.ok(whole);
  const [image] = batchCall(batchOf([whole]), options).inputs;
  assert.deepEqual(image?.shape, [3, 2]);
  assert.deepEqual(
    image?.parts.map((part) => part.length),
    [6],
  );
});
