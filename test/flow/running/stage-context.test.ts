import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../src/facts/flow.ts';
import { contextOf } from '../../../src/flow/running/stage-context.ts';
import { ownMetric } from '../../../src/facts/own-metric.ts';
import { StageMemory } from '../../../src/flow/running/stage-memory.ts';
import type { ComputePool, FieldUpdates } from '../../../src/ports.ts';
import type { StagePorts } from '../../../src/flow/stage.ts';
import { kernels } from '../../../src/kernels.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { stagePorts } from '../../harness/stages/stage-ports.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { jobInFlight } from '../../harness/stages/job-in-flight.ts';
import { stageRuntime } from '../../harness/stages/stage-runtime.ts';

const level = ownMetric.gauge('mine_level', { help: 'Level.' });

function given(ports: Partial<StagePorts> = {}, isOurs = true) {
  const facts: Fact[] = [];
  const written: FieldUpdates[] = [];
  const item = jobInFlight({});
  const { signal, permit } = item;
  let shown = 0;
  const memory = new StageMemory({
    stage: 'work',
    permit,
    value: {},
    signal,
    clock: new FakeClock(),
    onChange: () => undefined,
  });
  const all = stagePorts(ports);
  const context = contextOf({
    stage: 'read',
    item,
    models: all.models,
    runtime: stageRuntime({
      ports: all,
      emit: (fact) => facts.push(fact),
      hashes: {
        update: async (_, fields) => {
          written.push(fields);
          return isOurs;
        },
      },
      metrics: [level],
    }),
    signal,
    memory,
    persist: (_, attempt) => attempt(),
    onProgress: () => void shown++,
  });
  return { context, facts, item, written, shown: () => shown };
}

test('what a stage notes is kept as text for the hash; the last word counts', () => {
  const { context, item } = given();
  context.note({ scale: 0.5, label: 'a' });
  context.note({ scale: 1 });
  assert.deepEqual(
    [...item.notes],
    [
      ['scale', '1'],
      ['label', 'a'],
    ],
  );
});

test('what must outlive a crash is written at once, with all that was said before', async () => {
  const { context, written } = given();
  context.note({ scale: 0.5 });
  context.warn('Odd.');
  await context.flush({ kept: 1 });
  assert.deepEqual(written, [{ scale: '0.5', kept: '1', warnings: 'Odd.' }]);
  await assert.rejects(given({}, false).context.flush({ kept: 1 }), { code: 'claim_lost' });
});

test('what a stage records becomes a fact, or an error if the workflow does not declare it', () => {
  const { context, facts, item } = given();
  context.record(level, 5);
  const about = { type: 'metric recorded', stage: 'read', job: item.job };
  assert.deepEqual(facts, [{ ...about, metric: level, value: 5, labels: {} }]);
  const other = ownMetric.gauge('other', { help: 'Other.' });
  assert.throws(() => context.record(other, 5), { code: 'bad_workflow' });
});

test('kernels of a job take turns with those of other queues', async () => {
  const queues: (string | undefined)[] = [];
  const pool = new InlinePool(kernels);
  const compute: ComputePool = {
    run: (kernel, input, signal, queue) => {
      queues.push(queue);
      return pool.run(kernel, input, signal);
    },
    names: () => pool.names(),
    load: () => pool.load(),
    close: () => pool.close(),
  };
  const { context } = given({ compute });
  const labels = { shape: [1, 1, 1, 1], data: Int32Array.of(1) };
  await context.compute.run('countLabels', { labels }, context.signal);
  assert.deepEqual(queues, ['image']);
});

test('progress and bytes are facts about the job and show that the stage gets on; remarks are kept with the job', async () => {
  const { context, facts, item, shown } = given();
  const { job } = item;
  context.progress(0.5);
  context.moved('in', 7);
  await context.reserve(3);
  context.warn('Odd.');
  assert.deepEqual(facts, [
    { type: 'stage progressed', stage: 'read', job, done: 0.5 },
    { type: 'bytes moved', stage: 'read', job, direction: 'in', bytes: 7 },
  ]);
  assert.equal(item.warnings.text, 'Odd.');
  assert.equal(shown(), 3);
  assert.equal(context.job, job);
});
