import assert from 'node:assert/strict';
import { test } from 'node:test';
import { from, lastValueFrom, toArray } from 'rxjs';
import { runPhases, stagesOf } from '../../../src/flow/running/run-phases.ts';
import { type AnyStage, defineStage } from '../../../src/flow/stage.ts';
import { jobInFlight } from '../../harness/stages/job-in-flight.ts';
import { stageRuntime } from '../../harness/stages/stage-runtime.ts';

const leaves = (name: string): AnyStage =>
  defineStage({ name, concurrency: 1, run: async () => ({ [name]: true }) });

test('each job goes through the stages of its phase alone', async () => {
  const phases = { split: [leaves('read')], join: [leaves('merge'), leaves('send')] };
  const items = [jobInFlight({}, { phase: 'split' }), jobInFlight({}, { phase: 'join' })];
  const ended = await lastValueFrom(from(items).pipe(runPhases(phases, stageRuntime()), toArray()));
  const values = Object.fromEntries(ended.map(({ phase, value }) => [phase, value]));
  assert.deepEqual(values, { split: { read: true }, join: { merge: true, send: true } });
});

test('a stage that two phases share is listed once', () => {
  const upload = leaves('upload');
  assert.deepEqual(
    stagesOf({ split: [upload, leaves('a')], join: [leaves('b'), upload] }).map(({ name }) => name),
    ['upload', 'a', 'b'],
  );
});
