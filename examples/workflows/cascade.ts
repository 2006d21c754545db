/* Two models: one finds where cells are, the other outlines the cell in each of these windows. */
import {
  type Image,
  type Labels,
  compute,
  decodeImage,
  defineStage,
  defineWorkflow,
  describeImage,
  download,
  isImage,
  orient,
  packageResults,
  pipeline,
  predictTiles,
  setting,
  tiff,
  upload,
} from 'kiosk-redis-consumer';

/** Side of a window, in pixels. */
const SIDE = 64;

interface Found {
  readonly image: Image;
  readonly found: Labels;
}

/** Cuts a window around each thing found; they become the images of one batch. */
const crop = defineStage({
  name: 'crop',
  concurrency: 4,
  needs: ['image', 'found'],
  adds: ['image', 'corners', 'size'],
  frees: ['heads', 'found'],
  run: async ({ image, found }: Found) => {
    const [, rows = 0, columns = 0] = image.shape;
    const corners = cornersOf(found);
    const data = new Float32Array(corners.length * SIDE * SIDE);
    corners.forEach(([top, left], at) => {
      for (let row = 0; row < Math.min(SIDE, rows); row++) {
        const from = (top + row) * columns + left;
        const line = image.data.subarray(from, from + Math.min(SIDE, columns));
        data.set(line, (at * SIDE + row) * SIDE);
      }
    });
    const size = [rows, columns] as const;
    return { image: { shape: [corners.length, SIDE, SIDE, 1], data }, corners, size };
  },
});

/** The upper left corner of a window around each label, within the image. */
function cornersOf({ shape: [, rows = 0, columns = 0], data }: Labels): [number, number][] {
  const sums = new Map<number, [count: number, row: number, column: number]>();
  data.forEach((label, at) => {
    if (label === 0) return;
    const [count, row, column] = sums.get(label) ?? [0, 0, 0];
    sums.set(label, [count + 1, row + Math.floor(at / columns), column + (at % columns)]);
  });
  const start = (centre: number, length: number): number =>
    Math.max(0, Math.min(Math.round(centre) - SIDE / 2, length - SIDE));
  return Array.from(sums.values(), ([count, row, column]) => [
    start(row / count, rows),
    start(column / count, columns),
  ]);
}

interface Outlined {
  readonly cells: Labels;
  readonly corners: readonly (readonly [number, number])[];
  readonly size: readonly [number, number];
}

/** Puts what was found in the middle of each window back into one label image. */
function pasted({ cells, corners, size: [rows, columns] }: Outlined): Labels {
  const data = new Int32Array(rows * columns);
  corners.forEach(([top, left], at) => {
    const window = cells.data.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
    const middle = window[(SIDE / 2) * SIDE + SIDE / 2];
    window.forEach((label, pixel) => {
      const [row, column] = [top + Math.floor(pixel / SIDE), left + (pixel % SIDE)];
      const isInside = row < rows && column < columns;
      if (isInside && label !== 0 && label === middle) data[row * columns + column] = at + 1;
    });
  });
  return { shape: [rows, columns], data };
}

export default defineWorkflow({
  name: 'cascade',
  summary: 'Finds cells with one model and outlines each with another.',
  accepts: (job) => isImage(job.inputFileName),
  settings: {
    detector: setting.model('CASCADE_DETECTOR', 'Detector:1', 'Model that finds cells.'),
    outliner: setting.model('CASCADE_OUTLINER', 'Outliner:1', 'Model that outlines one.'),
  },
  pipeline: ({ detector, outliner }) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      orient(),
      predictTiles(detector, { name: 'detect' }),
      compute('deepWatershed', {
        as: 'found',
        from: ({ heads: [maxima, interior] }) => ({ maxima, interior, radius: 5 }),
      }),
      crop,
      predictTiles(outliner),
      compute('deepWatershed', {
        as: 'cells',
        from: ({ heads: [maxima, interior] }) => ({ maxima, interior, radius: 5 }),
      }),
      packageResults((value) => [tiff('cells.tif', pasted(value))]),
      upload,
    ),
});
