import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { assignSpots } from '../../../src/stages/polaris/assign-spots.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const { context } = stageContext({ compute: new InlinePool(kernels) });
const points = { shape: [2, 2], data: Float64Array.of(1.5, 2.25, -0.4, 0) };

test('each spot is a row with the cells under it: x is the column, y the row', async () => {
  // Labels 0 to 5 and 10 to 15 in two rows of three columns.
  const nuclei = counting(2, 3);
  const cytoplasm = { shape: [2, 3], data: nuclei.data.map((label) => label + 10) };
  const gathered = [{ points, labels: [nuclei, cytoplasm] }];
  const { tables } = await assignSpots.run({ gathered }, context);
  assert.equal(
    Buffer.from(tables[0]?.table ?? []).toString(),
    'x,y,cellID0,cellID1\r\n2.25,1.5,5,15\r\n0.0,-0.4,0,10\r\n',
  );
  assert.deepEqual(tables[0]?.labels, [nuclei, cytoplasm]);
  assert.deepEqual(assignSpots.frees, ['gathered']);
});

test('without cells there are only places; an image without spots has a header', async () => {
  const none = { points: { shape: [0, 2], data: new Float64Array() }, labels: [] };
  const { tables } = await assignSpots.run({ gathered: [{ points, labels: [] }, none] }, context);
  assert.deepEqual(
    tables.map(({ table }) => Buffer.from(table).toString()),
    ['x,y\r\n2.25,1.5\r\n0.0,-0.4\r\n', 'x,y\r\n'],
  );
});

test('a spot beyond the label image fails the job in words', async () => {
  const outside = { shape: [1, 2], data: Float64Array.of(2, 0) };
  await assert.rejects(
    assignSpots.run({ gathered: [{ points: outside, labels: [counting(2, 3)] }] }, context),
    { code: 'wrong_dimensions' },
  );
});
