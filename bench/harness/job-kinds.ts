import { cameraImage } from '../kernels/specimens.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';

/** A kind of job that is measured: its queue's workflow, its file and its hash. */
export interface JobKind {
  readonly name: string;
  readonly workflow: string;
  /** A TIFF of so many rows and columns, as a microscope gives it. */
  readonly image: (size: number) => Uint8Array;
  readonly fields: Readonly<Record<string, string>>;
}

export const JOB_KINDS: readonly JobKind[] = [
  {
    name: 'nuclear',
    workflow: 'segmentation',
    image: (size) => encodeTiff({ shape: [size, size], data: cameraImage(size, 1).data }),
    fields: { dimension_order: 'XY', channels: '0,', scale: '1' },
  },
  {
    name: 'mesmer both',
    workflow: 'mesmer',
    image: (size) => encodeTiff({ shape: [2, size, size], data: planesFirst(size) }),
    fields: { channels: '0,1', scale: '1', compartment: 'both' },
  },
];

/** Two channels, one plane after the other. */
function planesFirst(size: number): Float32Array {
  const { data } = cameraImage(size, 2);
  const pixels = size * size;
  return data.map((_, at) => data[2 * (at % pixels) + Math.floor(at / pixels)] ?? 0);
}
