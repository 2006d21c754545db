import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ThreadPool } from '../../src/adapters/compute/thread-pool.ts';
import { loadWorkflowModules } from '../../src/consumer/workflow-modules.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-authors-'));
});

after(() => rm(folder, { recursive: true }));

/** A file outside of this project. */
async function write(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

test('a workflow may import this package when its first job comes', async () => {
  const path = await write(
    'lazy.mts',
    `import { defineStage, defineWorkflow } from 'kiosk-redis-consumer';
     const stage = defineStage({ name: 'late', concurrency: 1, run: async () => {
       const { KnownError } = await import('kiosk-redis-consumer');
       return { made: new KnownError('invalid_job', 'late').code };
     } });
     export default defineWorkflow({ name: 'lazy', summary: 'Imports late.', accepts: () => true, settings: {},
       pipeline: () => ({ stages: [stage] }) });`,
  );
  const problems: string[] = [];
  const [workflow] = await loadWorkflowModules([path], problems);
  assert.deepEqual(problems, []);
  // The settings of this workflow are empty, and its stage looks at nothing.
  assert.ok(workflow !== undefined && 'pipeline' in workflow);
  const [stage] = workflow.pipeline({} as never).stages;
  const run = stage?.run as unknown as () => Promise<object>;
  assert.deepEqual(await run(), { made: 'invalid_job' });
});

test('kernels of authors may import this package on their threads', async () => {
  const path = await write(
    'kernels.mts',
    `import { KnownError } from 'kiosk-redis-consumer';
     export const kernels = { late: async (text) => {
       const { csv } = await import('kiosk-redis-consumer');
       return typeof csv + new KnownError('invalid_job', text).message;
     } };`,
  );
  const pool = new ThreadPool<{ late: (text: string) => Promise<string> }>({
    kernelsUrl: pathToFileURL(path),
    threads: 1,
  });
  try {
    assert.equal(await pool.run('late', ' a', AbortSignal.timeout(9000)), 'functiona');
  } finally {
    await pool.close();
  }
});
