import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { kernels } from '../../src/kernels.ts';
import { packageResults } from '../../src/stages/package-results.ts';
import { csv, tiff } from '../../src/stages/results/result-file.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { unzip } from '../harness/processes/consumer-process.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

test('the entries are those asked for, in their order, and TIFFs are encoded', async () => {
  const stage = packageResults(({ data }: { data: Float32Array }) => [
    tiff('b.tif', { shape: [1, 2], data }),
    csv('a.csv', ['n'], [[1], [2]]),
  ]);
  const { context } = stageContext({ compute: new InlinePool(kernels) });
  const { archive } = await stage.run({ data: Float32Array.of(1, 2) }, context);
  const entries = await unzip(await buffer(Readable.from(archive())));
  assert.deepEqual([...entries.keys()], ['b.tif', 'a.csv']);
  assert.equal(Buffer.from(entries.get('a.csv') ?? []).toString(), 'n\r\n1\r\n2\r\n');
  assert.equal(Buffer.from(entries.get('b.tif') ?? []).toString('latin1', 0, 2), 'II');
});
