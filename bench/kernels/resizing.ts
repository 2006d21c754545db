import { resizeImage, resizeLabels } from '../../src/imaging/resize/resize.ts';
import type { Bench } from './measure.ts';
import { cameraImage } from './specimens.ts';

export const RESIZING: readonly Bench[] = [
  resizing('resize image to 77 %', { share: 0.77, channels: 1 }, { 1024: 0.6, 2048: 4 }),
  resizing(
    'resize image to 77 %, 2 channels',
    { share: 0.77, channels: 2 },
    { 1024: 66, 2048: 264 },
  ),
  resizing(
    'resize image to 130 %, 2 channels',
    { share: 1.3, channels: 2 },
    { 1024: 103, 2048: 441 },
  ),
  resizingLabels('resize labels back', 1, { 1024: 0.7, 2048: 4.5 }),
  resizingLabels('resize labels back, 2 channels', 2, { 1024: 17, 2048: 74 }),
];

function resizing(
  name: string,
  { share, channels }: { readonly share: number; readonly channels: number },
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const image = cameraImage(size, channels);
      const side = Math.trunc(size * share);
      return () => resizeImage({ image, size: [side, side] });
    },
  };
}

function resizingLabels(
  name: string,
  channels: number,
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const side = Math.trunc(size * 0.77);
      const data = Int32Array.from({ length: side * side * channels }, (_, at) => at % 977);
      const labels = { shape: [1, side, side, channels], data };
      return () => resizeLabels({ labels, size: [size, size] });
    },
  };
}
