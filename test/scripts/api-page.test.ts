import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiPage } from '../../scripts/docs/api-page.ts';
import * as index from '../../src/index.ts';
import * as testing from '../../src/testing/index.ts';

const entries = apiPage().split(/^### /m).slice(1);

test('each export is on the page of the public interface, with what its docstring says', () => {
  const names = entries.map((entry) => entry.slice(0, entry.indexOf('\n')));
  for (const name of [...Object.keys(index), ...Object.keys(testing)]) {
    assert.ok(names.includes(name), name);
  }
  for (const entry of entries) assert.match(entry, /^\w+\n\n\S/);
});

test('a function has its signatures, and none of its body', () => {
  const tiff = entries.find((entry) => entry.startsWith('tiff\n'));
  assert.match(tiff ?? '', /^function tiff\(name: string, image: TiffImage\): ResultFile$/m);
  const compute = entries.find((entry) => entry.startsWith('compute\n')) ?? '';
  assert.equal([...compute.matchAll(/^function compute</gm)].length, 2);
});

test('an interface has its members with what they mean, those that it inherits too', () => {
  const stage = entries.find((entry) => entry.startsWith('Stage\n')) ?? '';
  assert.match(stage, /^- `concurrency: number`: How many jobs may be in this stage at a time/m);
  assert.match(stage, /^- `run: \(value: In, context: StageContext\) => Promise<Adds>`$/m);
  const context = entries.find((entry) => entry.startsWith('StageContext\n')) ?? '';
  assert.match(context, /^- `bucket: Bucket`$/m);
  assert.match(context, /^- `job: Job`$/m);
});
