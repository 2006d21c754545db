import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBottleneck } from '../../src/telemetry/bottleneck.ts';
import type { StageRow } from '../../src/telemetry/stage-row.ts';

const FREE = { held: { jobs: 5 }, limits: { jobs: 32 } };
const ENOUGH = { memory: 0, threads: 0, servers: 0 };

function stage(name: string, inFlight: number, waiting: number, fullShare?: number): StageRow {
  const isFull = inFlight === 4 && waiting > 0 ? 1 : 0;
  return {
    name,
    inFlight,
    waiting,
    capacity: 4,
    fullShare: fullShare ?? isFull,
    perSecond: 0,
    meanMs: 0,
    errors: 0,
  };
}

test('a stage with free places holds nobody up', () => {
  assert.equal(
    findBottleneck([stage('download', 3, 0), stage('predict', 4, 0)], FREE, ENOUGH),
    undefined,
  );
});

test('a stage that is full for a moment holds nobody up, one that is free for a moment still does', () => {
  const [moment, long] = [stage('decode', 4, 9, 0.2), stage('predict', 3, 0, 0.8)];
  assert.equal(findBottleneck([moment], FREE, ENOUGH), undefined);
  assert.equal(findBottleneck([moment, long], FREE, ENOUGH)?.stage, 'predict');
});

test('the full stage with the longest queue is the bottleneck', () => {
  const found = findBottleneck([stage('decode', 4, 1), stage('predict', 4, 9)], FREE, ENOUGH);
  assert.equal(found?.stage, 'predict');
  assert.match(found.reason, /4 of 4 places are taken and 9 jobs wait.*model servers/);
  const other = findBottleneck([stage('decode', 4, 1)], FREE, ENOUGH);
  assert.match(other?.reason ?? '', /1 job waits.*DECODE_CONCURRENCY/);
});

test('when no more jobs may be held, the stage that holds most of them is named', () => {
  const full = { held: { jobs: 6 }, limits: { jobs: 6 } };
  const found = findBottleneck([stage('download', 2, 0), stage('predict', 4, 0)], full, ENOUGH);
  assert.equal(found?.stage, 'predict');
  assert.match(found.reason, /All 6 jobs.*JOBS_IN_FLIGHT/);
});

test('memory that jobs wait for most of the time is named, without a stage', () => {
  const stages = [stage('decode', 1, 3), stage('predict', 2, 0)];
  const found = findBottleneck(stages, FREE, { ...ENOUGH, memory: 0.82, threads: 0.3 });
  assert.equal(found?.lacks, 'memory');
  assert.equal(found.stage, undefined);
  assert.match(found.reason, /^Memory is the bottleneck: .* 82 %.*memory limit/);
  assert.equal(findBottleneck(stages, FREE, { ...ENOUGH, memory: 0.4, threads: 0.3 }), undefined);
});

test('memory that fills up because threads, model servers or a stage are busy is not the bottleneck', () => {
  const short = { memory: 1, threads: 0.9, servers: 0.2 };
  const found = findBottleneck([stage('postprocess', 2, 0)], FREE, short);
  assert.equal(found?.lacks, 'threads');
  assert.match(found.reason, /compute thread for 90 %.*cores/);
  assert.equal(findBottleneck([stage('predict', 4, 9)], FREE, short)?.stage, 'predict');
  const slow = findBottleneck([stage('predict', 3, 0)], FREE, {
    memory: 1,
    threads: 0,
    servers: 1,
  });
  assert.equal(slow?.lacks, 'servers');
  assert.match(slow.reason, /^Model servers .* 100 % .*more model servers/);
});
