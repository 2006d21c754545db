import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { CommandProcess } from '../commands/command-process.ts';

const PAGE = new URL('../../docs/WORKFLOWS.md', import.meta.url);
const NAME = 'kiosk-redis-consumer ';
/** `scipy.ndimage.label` of the sample where it is brighter than 300: 16 objects. */
const OBJECTS_OF_THE_SAMPLE = 16;

/** The commands of the page, in their order. */
async function commandsOfPage(): Promise<string[][]> {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([^]*?)^```/gm)];
  const lines = blocks.flatMap(([, text = '']) => text.trim().split('\n'));
  for (const line of lines) assert.ok(line.startsWith(NAME), `${line} is not run here`);
  return lines.map((line) => line.slice(NAME.length).split(' '));
}

function pixels(bytes: Uint8Array): { readonly shape: readonly number[]; data: Float32Array } {
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
  return decodeImage({ bytes, name: 'image.tif', limits });
}

test('the commands of the page lead from an empty folder to the right labels and to manifests', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk page-'));
  t.after(() => rm(folder, { recursive: true }));
  const commands = await commandsOfPage();
  assert.deepEqual(
    commands.map(([, action]) => action),
    ['new', 'check', 'run', 'deploy'],
  );
  const said: string[] = [];
  for (const words of commands) {
    const { code, stdout, stderr } = await new CommandProcess(words, { folder }).ended();
    assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
    said.push(stdout);
  }
  const labels = pixels(await readFile(join(folder, 'results', 'labels.tif'))).data;
  assert.equal(new Set(labels).size - 1, OBJECTS_OF_THE_SAMPLE);
  assertOnObjects(labels, pixels(await readFile(join(folder, 'my-workflow', 'sample.tif'))).data);
  const manifests = Array.from(parseAllDocuments(said[3] ?? '', { version: '1.1' }), (one) =>
    one.toJS(),
  ) as readonly { readonly kind: string }[];
  assert.deepEqual(
    manifests.map(({ kind }) => kind),
    [
      'ConfigMap',
      'Deployment',
      'PodDisruptionBudget',
      'NetworkPolicy',
      'PodMonitor',
      'ScaledObject',
    ],
  );
});

/** Where the sample is bright there are labels, and where it is dark there are none. */
function assertOnObjects(labels: Float32Array, sample: Float32Array): void {
  const wrong = labels.filter((label, at) => {
    const value = sample[at] ?? 0;
    return (value > 550 && label === 0) || (value < 120 && label !== 0);
  });
  assert.equal(wrong.length, 0);
}
