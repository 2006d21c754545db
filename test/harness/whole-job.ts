import assert from 'node:assert/strict';
import type { Workflow } from '../../src/flow/workflow.ts';
import { kernels } from '../../src/kernels.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { cellImage } from './images/cell-image.ts';
import { unzip } from './processes/consumer-process.ts';
import { stageContext } from './stages/stage-context.ts';
import { TemporaryBucket } from './bucket/temporary-bucket.ts';
import { runPhase } from './stages/workflow-parts.ts';

type Served = readonly [fake: string, model: string, version: number, channels: number];

interface WholeJob {
  /** The names of the files in the result. */
  readonly names: string[];
  /** What was written into the hash, but for `input`. */
  readonly notes: Readonly<Record<string, string | number>>;
  /** How the image was understood. */
  readonly input: unknown;
}

/** Runs a job with an image of `planes` planes through a workflow, in this process; its result must be stored under its own name. */
export async function runWholeJob(
  workflow: Workflow,
  planes: number,
  fields: Record<string, string>,
  ...served: readonly Served[]
): Promise<WholeJob> {
  const store = await TemporaryBucket.open();
  try {
    await store.put('uploads/a.tif', cellImage(planes));
    const models = new InProcessModels(
      ...served.map(([fake, name, version, channels]) =>
        servedFake(fake, { name, version }, [64, 64, channels]),
      ),
    );
    const job = { fields, originalName: 'plate/a.tif' };
    const { context, notes } = stageContext({
      bucket: store.bucket,
      compute: new InlinePool(kernels),
      models,
      job,
    });
    const left = await runPhase(workflow, 'work', context);
    const fileName = 'output/0123456789abcdef0123456789abcdef.zip';
    assert.deepEqual('output' in left && left.output, {
      url: store.bucket.publicUrl(fileName),
      fileName,
    });
    const names = Array.from((await unzip(await store.read(fileName))).keys());
    const { input = 'null', ...others } = notes;
    return { names, notes: others, input: JSON.parse(String(input)) };
  } finally {
    await store.remove();
  }
}
