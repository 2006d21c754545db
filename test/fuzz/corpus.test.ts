import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { corpusFiles, startingInputs } from '../../scripts/fuzz/corpus.ts';
import { judge } from '../../scripts/fuzz/judge.ts';
import { TARGETS } from '../../scripts/fuzz/targets.ts';

for (const [format, target] of Object.entries(TARGETS)) {
  test(`what the fuzzer found of ${format} is read or refused within bounds`, async () => {
    for (const file of corpusFiles(format)) {
      const { fault } = await judge(target, new Uint8Array(readFileSync(file)));
      assert.equal(fault, undefined, file);
    }
  });

  test(`inputs of ${format} to begin with are there, and some of them are read`, async () => {
    const inputs = startingInputs(format, target).slice(0, 40);
    const verdicts = await Promise.all(inputs.map((input) => judge(target, input)));
    const read = verdicts.filter(({ behaviour }) => /^(decoded|read|planned) /.test(behaviour));
    assert.ok(read.length > 0, `${read.length} of ${inputs.length}`);
  });
}
