import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phase } from '../../src/flow/in-flight.ts';
import { compareInput } from '../../src/flow/input-version.ts';
import { jobInFlight, sampleJob } from '../harness/stages/job-in-flight.ts';

/** What a run in this phase notes when it reads a version, after an earlier run has noted `before`. */
function read(phase: Phase, version: string, before?: string): Record<string, string> {
  const fields = before === undefined ? {} : { 'children:version': before };
  const item = jobInFlight({}, { phase, job: sampleJob({ fields }) });
  compareInput(item, version);
  return Object.fromEntries(item.notes);
}

test('a split notes what it is made from; a join, and a job without children, note nothing', () => {
  assert.deepEqual(read('split', '7'), { 'children:version': '7' });
  assert.deepEqual(read('join', '7'), {});
  assert.deepEqual(read('work', '7'), {});
});

for (const phase of ['split', 'join'] as const) {
  test(`a ${phase} after an earlier run takes the same version, and no other`, () => {
    assert.doesNotThrow(() => read(phase, '7', '7'));
    assert.throws(() => read(phase, '8', '7'), {
      code: 'input_changed',
      message: '"a.tif" was replaced in the bucket while its job was under way; submit it again.',
    });
  });
}

test('versions that the store does not tell, or never told, are not compared', () => {
  assert.deepEqual(read('join', '', '7'), {});
  assert.deepEqual(read('split', ''), {});
  assert.deepEqual(read('work', '8', '7'), {});
});

test('the file of a child may be made once more: its parent, which was split anew, has compared its own', () => {
  const job = sampleJob({ parent: 'image-zip:1', fields: { 'children:version': '7' } });
  for (const phase of ['split', 'join'] as const) {
    assert.doesNotThrow(() => compareInput(jobInFlight({}, { phase, job }), '8'));
  }
});
