import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ThreadPool } from '../../src/adapters/compute/thread-pool.ts';
import { kernelProblems } from '../../src/consumer/kernel-problems.ts';
import { loadWorkflowModules } from '../../src/consumer/workflow-modules.ts';
import { checkedPhases } from '../../src/flow/workflow.ts';
import { startRedis } from '../../scripts/start-redis.ts';
import { CommandProcess } from '../commands/command-process.ts';

/** A workflow of an author who writes JavaScript, with the name of a kernel in it. */
const workflowWith = (kernel: string): string => `
  import { compute, defineWorkflow, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
  export default defineWorkflow({
    name: 'mine', summary: 'Tries a kernel.', accepts: () => true, settings: {},
    pipeline: () => pipeline(
      compute('${kernel}', { as: 'found', from: () => ({}) }), packageResults(() => []), upload,
    ),
  });`;

let folder: string;
let modulePath: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-authors-'));
  modulePath = join(folder, 'mine.mjs');
});

after(() => rm(folder, { recursive: true }));

async function problemsWith(kernel: string): Promise<string[]> {
  const path = join(folder, `${kernel}.mjs`);
  await writeFile(path, workflowWith(kernel));
  const problems: string[] = [];
  const [workflow] = await loadWorkflowModules([path], problems);
  assert.deepEqual(problems, []);
  assert.ok(workflow !== undefined);
  const pool = new ThreadPool({
    kernelsUrl: new URL('../../src/kernels.ts', import.meta.url),
    threads: 1,
  });
  try {
    return await kernelProblems(checkedPhases(workflow, {}, 'mine').phases, () => pool.names());
  } finally {
    await pool.close();
  }
}

test('a kernel that exists is no problem', async () => {
  assert.deepEqual(await problemsWith('findSpots'), []);
});

test('a kernel that does not exist is named, with the one that was meant', async () => {
  assert.deepEqual(await problemsWith('findSpot'), [
    'Stage "compute_found" runs the kernel "findSpot", which does not exist. Did you mean findSpots?',
  ]);
});

test('a kernel whose name is like no other is named with those that exist', async () => {
  const [problem = ''] = await problemsWith('q');
  assert.match(problem, /"q", which does not exist\. There are .*decodeImage, /);
});

test('check-config and run refuse it before any job is taken', async () => {
  await writeFile(modulePath, workflowWith('findSpot'));
  const redis = await startRedis();
  const environment = {
    CONSUMER_TYPE: 'mine',
    QUEUE: 'mine',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    STORAGE_BUCKET: `file://${folder}`,
    WORKFLOW_MODULES: modulePath,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
  };
  try {
    for (const command of ['check-config', 'run']) {
      const { code, stdout, stderr } = await CommandProcess.run([command], environment);
      assert.equal(code, 1, command);
      assert.match(
        `${stdout}${stderr}`,
        /findSpot\\?", which does not exist\. Did you mean findSpots\?/,
      );
    }
  } finally {
    await redis.close();
  }
});
