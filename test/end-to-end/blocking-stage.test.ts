import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';

const MODULE = `
  import { csv, defineStage, defineWorkflow, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
  const greedy = defineStage({
    name: 'greedy',
    concurrency: 4,
    run: async (_, { clock, signal }) => {
      await clock.sleep(20, signal);
      const end = performance.now() + 2500;
      while (performance.now() < end);
      return {};
    },
  });
  export default defineWorkflow({
    name: 'blocking',
    summary: 'Blocks.',
    accepts: () => true,
    settings: {},
    pipeline: () => pipeline(greedy, packageResults(() => [csv('a.csv', ['a'], [[1]])]), upload),
  });`;

test('a stage that blocks the event loop is named in the log', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk blocking-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'blocking.mjs');
  await writeFile(file, MODULE);
  const environment = { WORKFLOW_MODULES: file, CONSUMERS: 'blocking' };
  const deployment = await Deployment.open({ models: [], environment });
  context.after(() => deployment.close());
  const job = { input_file_name: 'uploads/a.tif', original_name: 'a.tif' };
  await deployment.submit('blocking:1', job, 'blocking');
  assert.equal((await deployment.ended('blocking:1'))['status'], 'done');
  await deployment.consumer.says('Stage \\"greedy\\" computed on the event loop for');
});
