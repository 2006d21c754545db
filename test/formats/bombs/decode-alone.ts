/* A process of its own that decodes the one file that it is sent, and tells what that took. */
import { readFileSync } from 'node:fs';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { forgetPeakMemory, peakMemory } from '../../../scripts/fuzz/peak-memory.ts';
import type { Cost, FileToDecode } from './measure.ts';

const LIMITS = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 31 };
const fixtures = new URL('../fixtures/', import.meta.url);
/** Read before, so that code is loaded and compiled, which every process does once. */
const WARM_UP = [
  'deflate-uint16.tif',
  'zstd-uint16.tif',
  'lzw-uint16.tif',
  'jpeg-rgb.jpg',
  'png-rgb.png',
];

for (const name of WARM_UP) {
  const bytes = new Uint8Array(readFileSync(new URL(name, fixtures)));
  for (let round = 0; round < 3; round++) decodeImage({ bytes, name, limits: LIMITS });
}

process.on('message', ({ name, bytes }: FileToDecode) => {
  forgetPeakMemory();
  const before = process.memoryUsage.rss();
  const start = process.threadCpuUsage();
  const refused = refusal(name, bytes);
  const { user, system } = process.threadCpuUsage(start);
  const cost: Cost = {
    ms: (user + system) / 1000,
    bytes: peakMemory() - before,
    ...(refused && { refused }),
  };
  process.send?.(cost, () => process.disconnect());
});

function refusal(name: string, bytes: Uint8Array): string | undefined {
  try {
    decodeImage({ bytes, name, limits: LIMITS });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
