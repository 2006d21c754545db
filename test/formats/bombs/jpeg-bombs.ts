import type { Bomb } from './bomb.ts';

function segment(marker: number, ...content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** One code of one bit, for this symbol. */
function table(place: number, symbol: number): Buffer {
  return segment(0xc4, place, 1, ...Array<number>(15).fill(0), symbol);
}

const frame = (marker: number, size: number): Buffer =>
  segment(marker, 8, size >> 8, size & 255, size >> 8, size & 255, 1, 1, 0x11, 0);

/** A progressive image without contents, and scans of a few bytes that go through all of it again and again. */
export function jpegOfScans(size: number, scans: number): Buffer {
  const blocks = Math.ceil(size / 8) ** 2;
  const dark = Buffer.alloc((blocks >> 3) + 1);
  // Runs of 16,384 empty blocks.
  const runs = Buffer.alloc(Math.ceil((15 * Math.ceil(blocks / 16_384)) / 8));
  const scan = (start: number, end: number, data: Buffer): Buffer =>
    Buffer.concat([segment(0xda, 1, 1, 0, start, end, 0), data]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array<number>(64).fill(1)),
    frame(0xc2, size),
    table(0, 0),
    table(0x10, 0xe0),
    scan(0, 0, dark),
    ...Array.from({ length: scans }, () => scan(1, 63, runs)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** JPEG files of many scans, or with sizes that differ. */
export function jpegBombs(): Bomb[] {
  const small = jpegOfScans(64, 1);
  const second = Buffer.concat([small.subarray(0, -2), frame(0xc2, 65_500), small.subarray(-2)]);
  return [
    { name: 'second-frame.jpg', bytes: second, refused: /2 frame headers/ },
    { name: 'large.jpg', bytes: jpegOfScans(60_000, 0), refused: /pixels large/ },
    { name: 'scans.jpg', bytes: jpegOfScans(64, 5000), refused: /5001 scans/ },
    { name: 'scans-of-a-large-image.jpg', bytes: jpegOfScans(2048, 500), refused: /501 scans/ },
    { name: 'most-scans.jpg', bytes: jpegOfScans(512, 999) },
  ];
}
