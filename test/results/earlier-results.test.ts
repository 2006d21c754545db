import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { earlierResults } from '../../src/results/earlier-results.ts';
import { recordOf } from '../../src/results/record.ts';
import { ResultsFolder } from '../../src/results/results-folder.ts';

test('results of an earlier run that stay beside the new ones are told', async () => {
  const output = await mkdtemp(join(tmpdir(), 'kiosk-earlier-'));
  try {
    assert.deepEqual(await earlierResults(output, new Set()), []);
    const options = { output, queue: 'q', files: 2, overlays: true, now: () => new Date(0) };
    const results = new ResultsFolder(options);
    for (const folder of ['a', 'b'])
      results.add(recordOf({ file: `${folder}.tif`, folder, status: 'done' }));
    await results.close();
    assert.deepEqual(await earlierResults(output, new Set(['a', 'b', 'c'])), []);
    assert.match((await earlierResults(output, new Set(['a'])))[0] ?? '', /results of one file/);
    assert.match((await earlierResults(output, new Set())).join(), /results of 2 files/);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
});
