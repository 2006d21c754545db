import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';

/** What a stage does to the process that it runs in; jobs name it. */
const HARM = `{
  timer: () => void setTimeout(() => { throw new Error('Thrown in a timer.'); }, 1),
  rejection: () => void Promise.reject(new Error('Rejected and forgotten.')),
  text: () => void Promise.reject('no error at all'),
  exit: () => process.exit(3),
  abort: () => process.abort(),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  wordless: () => { throw Object.create(null); },
  nothing: () => {},
}`;
const MODULE = `
import { csv, defineStage, defineWorkflow, download, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
const harm = ${HARM};
const act = defineStage({
  name: 'act', concurrency: 1, needs: ['file'], adds: ['acted'],
  run: async (_, { job }) => { harm[job.fields.harm](); return { acted: 1 }; },
});
export default defineWorkflow({
  name: 'harmful', summary: 'Does harm.', accepts: () => true, settings: {},
  pipeline: () => pipeline(download, act, packageResults(() => [csv('a.csv', ['a'], [[1]])]), upload),
});`;

/** How each job ends, and what its reason or the log says. */
const ENDS = {
  timer: { status: 'done', said: 'listeners throw: Error: Thrown in a timer.' },
  rejection: { status: 'done', said: 'listeners throw: Error: Rejected and forgotten.' },
  text: { status: 'done', said: 'rejected with the reason \\"no error at all\\"' },
  exit: { status: 'failed', said: 'calls process.exit, which would end the consumer' },
  abort: { status: 'failed', said: 'calls process.abort, which would end the consumer' },
  kill: { status: 'failed', said: 'calls process.kill, which would end the consumer' },
  wordless: { status: 'failed', said: 'something that cannot be put into words' },
  nothing: { status: 'done', said: '' },
};

test('no stage of an author ends the consumer; the log names the file and the workflow of each error', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk harm-'));
  t.after(() => rm(folder, { recursive: true }));
  const module = join(folder, 'harmful.mjs');
  await writeFile(module, MODULE);
  const environment = { WORKFLOW_MODULES: module, CONSUMER_TYPE: 'harmful', QUEUE: 'harmful' };
  const deployment = await Deployment.open({ models: [], environment });
  t.after(() => deployment.close());
  await deployment.upload('uploads/a.txt', Uint8Array.of(1));
  for (const [harm, { status, said }] of Object.entries(ENDS)) {
    const key = `harmful:${harm}`;
    await deployment.submit(key, {
      input_file_name: 'uploads/a.txt',
      original_name: 'a.txt',
      harm,
    });
    const { reason = '', status: ended } = await deployment.ended(key, 8000);
    assert.equal(ended, status, `${harm}: ${reason}`);
    await deployment.until(async () => (reason + deployment.log).includes(said) || undefined, 2000);
  }
  assert.match(
    deployment.log,
    /harmful\.mjs\\?" \(workflow \\?"harmful\\?"\) left an error uncaught/,
  );
  assert.equal(await deployment.signal('SIGTERM'), 0);
});
