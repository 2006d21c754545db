import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import segmentation from '../../src/workflows/segmentation.ts';
import { stageNames } from '../harness/stages/workflow-parts.ts';

test('the drawing of the flow has the stages of an image, in their order', async () => {
  const page = await readFile(new URL('../../docs/ARCHITECTURE.md', import.meta.url), 'utf8');
  const [, drawn = ''] = /open ──▶ (.*) ─▶ settle/.exec(page) ?? [];
  assert.deepEqual({ work: drawn.split(' ─▶ ') }, stageNames(segmentation));
});
