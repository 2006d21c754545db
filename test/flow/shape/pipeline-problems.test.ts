import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyStage, defineStage } from '../../../src/flow/stage.ts';
import { pipelineProblems } from '../../../src/flow/shape/pipeline-problems.ts';
import { orient } from '../../../src/stages/orient.ts';

const END = { field: 'output', hint: 'End with upload.' };

function stage(name: string, facts: Pick<AnyStage, 'needs' | 'adds' | 'frees'>): AnyStage {
  return defineStage({ name, concurrency: 1, ...facts, run: async () => ({}) });
}

const download = stage('download', { needs: [], adds: ['file'] });
const decode = stage('decode', { needs: ['file'], adds: ['raw'], frees: ['file'] });
const upload = stage('upload', { needs: ['raw'], adds: ['output'] });
/** Of an author who does not say what it does. */
const silent = stage('mine', {});

const problems = (...stages: unknown[]): string[] =>
  // What authors of JavaScript may write.
  pipelineProblems({ stages: stages as AnyStage[] }, END);

test('stages in order have no problems', () => {
  assert.deepEqual(problems(download, decode, upload), []);
});

test('a stage that comes too early is told with the one that it needs', () => {
  assert.deepEqual(problems(decode, download, upload), [
    'Stage "decode" needs "file", which is not there: "download" adds it, and comes later.',
  ]);
});

test('a field that was freed, and one that nobody adds', () => {
  assert.deepEqual(problems(download, decode, decode, upload), [
    'Stage "decode" needs "file", which is not there: "decode" frees it before.',
    'Two stages are called "decode"; each needs a name of its own.',
  ]);
  assert.deepEqual(problems(download, upload), [
    'Stage "upload" needs "raw", which is not there: no stage adds it.',
  ]);
});

test('a field whose name is mistyped is told with the one that was meant', () => {
  const mistyped = stage('count', { needs: ['rwa'], adds: ['cells'] });
  assert.deepEqual(problems(download, decode, mistyped, upload), [
    'Stage "count" needs "rwa", which is not there: no stage adds it. Did you mean raw?',
  ]);
});

test('a pipeline without a result says with what it should end', () => {
  assert.deepEqual(problems(download), [
    'No stage leaves "output", which a job must end with. End with upload.',
  ]);
  assert.deepEqual(problems(), ['The pipeline has no stages.']);
});

test('after a stage that does not say what it adds, anything may be there', () => {
  assert.deepEqual(problems(silent, upload), []);
});

test('two stages of one name are told once', () => {
  const stages = [download, silent, silent, silent, upload];
  assert.deepEqual(problems(...stages), [
    'Two stages are called "mine"; each needs a name of its own.',
  ]);
});

test('what is no stage is named', () => {
  assert.deepEqual(problems(download, undefined, orient, { name: 'x' }), [
    'Stage 2 is undefined; is its name imported and spelled as it is exported?',
    'Stage 3 is the function "orient", which makes a stage: write orient(…).',
    'Stage 4 is no stage: it lacks a name or "run"; stages are made by defineStage.',
  ]);
});
