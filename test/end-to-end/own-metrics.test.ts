import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';

/** Counts the bytes of files; of a file that begins with x it says a label that the metric does not have. */
const WORKFLOW = `
import { defineStage, defineWorkflow, download, ownMetric, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
const bytes = ownMetric.counter('mine_bytes_total', { help: 'Bytes.', labels: { kind: ['odd', 'even'] } });
const count = defineStage({
  name: 'count', concurrency: 1, needs: ['file'], adds: [],
  run: async ({ file }, { record }) => {
    record(bytes, file.length, { kind: file[0] === 120 ? 'strange' : file.length % 2 ? 'odd' : 'even' });
    return {};
  },
});
export default defineWorkflow({
  name: 'mine', summary: 'Mine.', accepts: () => true, settings: {}, metrics: [bytes],
  pipeline: () => pipeline(download, count,
    packageResults(({ file }) => [{ kind: 'bytes', name: 'copy', bytes: file }]), upload),
});
`;

test('what a stage of an author records is in /metrics, and a wrong label fails its job alone', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk metrics-'));
  context.after(() => rm(folder, { recursive: true }));
  const module = join(folder, 'mine.mjs');
  await writeFile(module, WORKFLOW);
  const environment = { WORKFLOW_MODULES: module, CONSUMER_TYPE: 'mine', QUEUE: 'mine' };
  const deployment = await Deployment.open({ models: [], environment });
  context.after(() => deployment.close());
  const ended = await Promise.all(
    ['xyz', 'abc', 'abcd'].map(async (text) => {
      await deployment.upload(`uploads/${text}`, new TextEncoder().encode(text));
      await deployment.submit(`mine:${text}`, { input_file_name: `uploads/${text}` });
      return deployment.ended(`mine:${text}`);
    }),
  );
  assert.deepEqual(
    ended.map(({ status }) => status),
    ['failed', 'done', 'done'],
  );
  assert.match(
    ended[0]?.['reason'] ?? '',
    /"mine_bytes_total": kind is the text "strange", but must be "odd" or "even"\./,
  );
  const [, port] = /"httpPort":(\d+)/.exec(deployment.log) ?? [];
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await answer.text()).split('\n').filter((line) => line.includes('mine_bytes'));
  assert.deepEqual(lines, [
    '# HELP mine_bytes_total Bytes.',
    '# TYPE mine_bytes_total counter',
    'mine_bytes_total{kind="odd",queue="mine"} 3',
    'mine_bytes_total{kind="even",queue="mine"} 4',
  ]);
});
