import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile as execFileWithCallback } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, test } from 'node:test';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { renderNuclei } from '../../../scripts/demo/render/nuclei.ts';
import { CommandProcess } from '../command-process.ts';
import { type CommandEnded, runCommand } from '../run-command.ts';
import { localEnvironment } from './local-with-onnx.ts';

const execFile = promisify(execFileWithCallback);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk local-'));
  await mkdir(join(folder, 'images'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeImage(name: string, nuclei: number): Promise<void> {
  const data = renderNuclei({ rows: 128, columns: 128, nuclei, seed: nuclei });
  await writeFile(join(folder, 'images', name), encodeTiff({ shape: [128, 128], data }));
}

/** One that is interrupted, or whose parts are. */
function startLocal(words: readonly string[]): CommandProcess {
  return new CommandProcess(['local', 'images', ...words], {
    environment: localEnvironment(),
    folder,
  });
}

function local(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<CommandEnded> {
  return runCommand(['local', 'images', ...words], { ...localEnvironment(), ...more }, folder);
}

/** One that ends before it starts anything. */
function refused(words: readonly string[]): Promise<CommandEnded> {
  return runCommand(['local', 'images', ...words], {}, folder);
}

async function rowsOf(file: string): Promise<number> {
  return (await readFile(join(folder, 'results', file), 'utf8')).trimEnd().split('\r\n').length - 1;
}

test('a folder becomes results with a row for each cell; again, only what is new is done', async () => {
  await writeImage('a b.tif', 8);
  await writeFile(join(folder, 'images', 'broken.tif'), 'no picture');
  const first = await local([]);
  assert.equal(first.code, 1, first.stderr);
  assert.match(first.stdout, /^1 done, 1 failed\./);
  const [, cells = ''] = /\n(\d+) cells found\./.exec(first.stdout) ?? [];
  assert.ok(Number(cells) > 3, first.stdout);
  assert.equal(await rowsOf('cells.csv'), Number(cells));
  assert.match(first.stdout, /images\/broken\.tif +corrupt_image/);
  const left = await readdir(join(folder, 'results'));
  assert.deepEqual(
    left.filter((name) => name.startsWith('.')),
    [],
    'the bucket is gone',
  );

  await rm(join(folder, 'images', 'broken.tif'));
  await writeImage('c.tif', 12);
  const second = await local([]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /^1 done, 0 failed\./);
  assert.match(second.stdout, /Files done by an earlier run: 1\./);
  assert.ok((await rowsOf('cells.csv')) > Number(cells));
});

/** A workflow whose model has a name that nothing serves, and what its author gives in place of it. */
const OWN = `
import { compute, decodeImage, defineWorkflow, describeImage, download, orient, packageResults, pipeline, predictTiles,
  setting, tiff, upload } from 'kiosk-redis-consumer';
export default defineWorkflow({
  name: 'my-flow', summary: 'Mine.', accepts: () => true,
  settings: { model: setting.model('MY_FLOW_MODEL', 'Mine:1', 'Mine.') },
  testModels: { 'Mine:1': { input: [64, 64, 1], predict: ({ shape, data }) => {
    if (data[0] > 0) throw new Error('Weights are missing.');
    return [{ shape, data: data.map((_, at) => at % 7) }];
  } } },
  pipeline: ({ model }) => pipeline(download, describeImage, decodeImage, orient(), predictTiles(model, { padMode: 'constant' }),
    packageResults(({ heads: [head] }) => [tiff('head.tif', { ...head, shape: head.shape.slice(0, 3) })]), upload),
});
`;

test('a workflow of an author runs on the models that it brings; what they throw fails the job', async () => {
  await writeFile(join(folder, 'my-flow.mjs'), OWN);
  for (const [name, value] of [
    ['a.tif', 0],
    ['b.tif', 1],
  ] as const) {
    const image = { shape: [64, 64], data: new Float32Array(4096).fill(value) };
    await writeFile(join(folder, 'images', name), encodeTiff(image));
  }
  const modules = { WORKFLOW_MODULES: join(folder, 'my-flow.mjs') };
  const { code, stdout, stderr } = await local(['--workflow', 'my-flow'], modules);
  assert.equal(code, 1, stdout + stderr);
  assert.match(stdout, /^1 done, 1 failed\./);
  assert.match(stdout, /b\.tif +model_rejected +.*"Mine:1" failed: Weights are missing\./);
  const bytes = await readFile(join(folder, 'results', 'a', 'head.tif'));
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 20 };
  const { data } = decodeImage({ bytes, name: 'head.tif', limits });
  assert.deepEqual(
    [...data],
    Array.from({ length: 4096 }, (_, at) => at % 7),
  );
});

test('a model of an author that would hide a stand-in is refused before anything is served', async () => {
  const file = join(folder, 'hiding.mjs');
  await writeFile(file, OWN.replace("'Mine:1': {", "'MultiplexSegmentation:9': {"));
  const words = ['model-server', '--port', '0', '--workflow', file];
  const { code, stdout, stderr } = await runCommand(words, {});
  assert.equal(code, 1, stdout);
  assert.match(
    stderr,
    /Workflow "my-flow": a stand-in for MultiplexSegmentation:9 is built in; give/,
  );
});

test('Ctrl-C ends everything, and the same command goes on', async () => {
  for (const n of [5, 6, 7]) await writeImage(`${n}.tif`, n);
  const command = startLocal(['--watch']);
  await command.says(/[1-3] done/);
  command.interrupt();
  const { code, stdout } = await command.ended();
  assert.equal(code, 130, stdout);
  assert.ok(!stdout.includes('earlier run'), stdout);
  await access(join(folder, 'results', 'manifest.json'));
  const again = await local([]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /Files done by an earlier run: [1-3]\./);
  const results = await readdir(join(folder, 'results'));
  assert.deepEqual(results.filter((name) => /^\d$/.test(name)).toSorted(), ['5', '6', '7']);
});

/** The process of a command's own consumer, or of its model server. */
async function partOf(command: CommandProcess, word: string): Promise<number> {
  const { stdout } = await execFile('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const found = rows.find((row) => row[1] === String(command.pid) && row.includes(word));
  return Number(assertDefined(found)[0]);
}

function assertDefined<Value>(value: Value | undefined): Value {
  assert.ok(value !== undefined);
  return value;
}

test('when a part dies, the message names its signal and what to do, and the same command goes on', async () => {
  await writeImage('a.tif', 5);
  for (const [word, said] of [
    ['run', /The consumer was ended by SIGKILL\. Usually memory/],
    ['model-server', /The model server ended with code 0\./],
  ] as const) {
    const command = startLocal(['--watch']);
    await command.says(/1 done|Waiting for new files/);
    process.kill(await partOf(command, word), word === 'run' ? 'SIGKILL' : 'SIGTERM');
    const { code, stderr } = await command.ended();
    assert.equal(code, 1, stderr);
    assert.match(stderr, said);
    assert.match(stderr, /the same command goes on; "results\/local\.log" has all lines/);
  }
  assert.equal((await local([])).code, 0);
});

test('channels that no image has are told before anything is started', async () => {
  await writeImage('a.tif', 5);
  const { code, stderr } = await refused(['-f', 'channels=7']);
  assert.equal(code, 2, stderr);
  assert.equal(
    stderr,
    '"images/a.tif": channels is "7", but "7" is no channel of the image, which has 1 (0 to 0).\n',
  );
});

test('what cannot be meant is told before anything is started', async () => {
  for (const [words, said] of [
    [['--workflow', 'mesmr'], /There is no workflow "mesmr"\. Did you mean mesmer\?/],
    [['-f', 'channel=1'], /"channel"\. Did you mean channels\? It reads [a-z_, ]+\.\n$/],
    [['--models', 'nowhere'], /--models is "nowhere", but must be HOST:PORT or FILE\.onnx\./],
    [[], /"images" holds no images/],
  ] as const) {
    const { code, stderr } = await refused(words);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
});
