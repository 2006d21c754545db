import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const BLOCK_BYTES = 2 ** 20;
const LONG = 4;
const FIELDS = { model_name: 'Doubling', model_version: '1' };

/** Width, height, bits and so on of an image of 8 × 8 pixels: a value each. */
const SMALL = [
  [256, 8],
  [257, 8],
  [258, 8],
  [259, 1],
  [262, 1],
  [277, 1],
  [278, 8],
] as const;
const STRIP_OFFSETS = 273;
const STRIP_BYTE_COUNTS = 279;

/** A TIFF whose directories point at the same block of a megabyte, again and again. */
function bomb(directories: number, repeats: number): Buffer {
  const start = 8 + BLOCK_BYTES;
  const entries = SMALL.length + 2 * repeats;
  const size = 2 + 12 * entries + 4;
  const file = Buffer.alloc(start + directories * size, 1);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(start, 4);
  for (let directory = 0; directory < directories; directory++) {
    let at = file.writeUInt16LE(entries, start + directory * size);
    for (const [tag, value] of SMALL) at = entry(file, at, { tag, count: 1, value });
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const tag of [STRIP_OFFSETS, STRIP_BYTE_COUNTS])
        at = entry(file, at, { tag, count: BLOCK_BYTES / 4, value: 8 });
    }
    const isLast = directory === directories - 1;
    file.writeUInt32LE(isLast ? 0 : start + (directory + 1) * size, at);
  }
  return file;
}

function entry(
  file: Buffer,
  at: number,
  { tag, count, value }: { tag: number; count: number; value: number },
): number {
  file.writeUInt16LE(tag, at);
  file.writeUInt16LE(LONG, at + 2);
  file.writeUInt32LE(count, at + 4);
  return file.writeUInt32LE(value, at + 8);
}

/** Files of a megabyte or two, each of which asked for gigabytes, or for an hour of the event loop. */
const BOMBS = {
  'many-directories.tif': bomb(600, 1),
  'many-tags.tif': bomb(1, 32_000),
};

/** Reading a directory on the event loop took 54 ms for each repetition of a tag: 32 s for the smaller of the two. */
const SILENCE_SECONDS = 10;

let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [doubling],
    environment: { NODE_OPTIONS: '--max-old-space-size=1000' },
  });
});
after(() => deployment.close());

/** The longest that /live took to answer until the promise settled, in seconds. */
async function longestSilence(until: Promise<unknown>): Promise<number> {
  let longest = 0;
  const settled = until.then(() => true);
  const pause = (): Promise<false> =>
    new Promise((resolve) => setTimeout(() => resolve(false), 20));
  while (!(await Promise.race([settled, pause()]))) {
    const seconds = await fairSeconds(deployment.consumer.pid, async () => {
      const { status } = await deployment.consumer.get('/live');
      assert.equal(status, 200);
    });
    longest = Math.max(longest, seconds);
  }
  return longest;
}

for (const [name, bytes] of Object.entries(BOMBS)) {
  test(`${name} fails with a reason, and the event loop goes on meanwhile`, async () => {
    await deployment.upload(`uploads/${name}`, bytes);
    await deployment.submit(`image:${name}`, { ...FIELDS, input_file_name: `uploads/${name}` });
    const ended = deployment.ended(`image:${name}`);
    const silence = await longestSilence(ended);
    const { status, error_code: code, reason = '' } = await ended;
    assert.deepEqual([status, code], ['failed', 'corrupt_image'], reason);
    assert.ok(silence < SILENCE_SECONDS, `${silence} s`);
    assert.ok(!deployment.consumer.hasEnded, deployment.log);
  });
}

test('the same process goes on with the next job', async () => {
  const image = { shape: [8, 8], data: new Float32Array(64) };
  await deployment.upload('uploads/good.tif', encodeTiff(image));
  await deployment.submit('image:good', { ...FIELDS, input_file_name: 'uploads/good.tif' });
  assert.equal((await deployment.ended('image:good'))['status'], 'done');
});
