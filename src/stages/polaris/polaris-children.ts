import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { field } from '../job-fields/read-fields.ts';

/** What one child of a polaris job finds, in which channels of the image. */
export interface PolarisChild {
  readonly finds: 'spots' | 'nuclei' | 'cytoplasm' | 'cells';
  /** The queue of the child, whose name is fixed. */
  readonly queue: 'spot' | 'segmentation' | 'mesmer';
  /** Channels of the image of the job; those of the child are counted from 0. */
  readonly channels: readonly number[];
  /** What the hash of the child says besides. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What `segmentation_type` may be. */
export const SEGMENTATION_TYPES = ['cell culture', 'tissue', 'none'] as const;
type SegmentationType = (typeof SEGMENTATION_TYPES)[number];

/**
 * The children that a polaris job asks for by `channels`, whose positions are spots, nuclei and
 * cytoplasm, and by `segmentation_type`. The first finds the spots; the others are in the order of
 * the cell columns of the result.
 */
export function polarisChildren(job: Job): PolarisChild[] {
  const [spots, nuclei, cytoplasm] = readSlots(job);
  if (spots === undefined) throw wrongChannels(job, 'must name the channel of the spots first');
  const type = readType(job, [nuclei, cytoplasm]);
  const first: PolarisChild = { finds: 'spots', queue: 'spot', channels: [spots], fields: {} };
  return [first, ...cellsOf(job, type, { nuclei, cytoplasm })];
}

interface CellChannels {
  readonly nuclei: number | undefined;
  readonly cytoplasm: number | undefined;
}

function cellsOf(
  job: Job,
  type: SegmentationType,
  { nuclei, cytoplasm }: CellChannels,
): PolarisChild[] {
  if (type === 'none') return [];
  if (type === 'tissue') {
    if (nuclei === undefined || cytoplasm === undefined) {
      const needs = 'must name channels of spots, nuclei and membranes for tissue, as in "0,1,2"';
      throw wrongChannels(job, needs);
    }
    return [{ finds: 'cells', queue: 'mesmer', channels: [nuclei, cytoplasm], fields: {} }];
  }
  const children = [
    segmentation('nuclei', nuclei, '0,'),
    segmentation('cytoplasm', cytoplasm, ',0'),
  ].flat();
  if (children.length > 0) return children;
  const needs = 'must name a channel of nuclei or cytoplasm for cell culture, as in "0,1,"';
  throw wrongChannels(job, needs);
}

function segmentation(
  finds: 'nuclei' | 'cytoplasm',
  channel: number | undefined,
  channels: string,
): PolarisChild[] {
  if (channel === undefined) return [];
  return [{ finds, queue: 'segmentation', channels: [channel], fields: { channels } }];
}

/** Without the field the job says by its channels whether it wants cells, but not of what kind. */
function readType(job: Job, cells: readonly (number | undefined)[]): SegmentationType {
  const text = field(job, 'segmentation_type');
  if (text === undefined && cells.every((channel) => channel === undefined)) return 'none';
  const known = SEGMENTATION_TYPES.find((type) => type === text?.toLowerCase());
  if (known !== undefined) return known;
  const allowed = SEGMENTATION_TYPES.map((type) => `"${type}"`).join(', ');
  const message = `segmentation_type is "${text ?? ''}", but must be one of ${allowed}.`;
  throw new KnownError('invalid_job', message);
}

function readSlots(job: Job): (number | undefined)[] {
  const words = channelsOf(job).split(',');
  if (words.slice(3).some((word) => word.trim() !== '')) {
    throw wrongChannels(job, 'must not name more than three channels');
  }
  return words.map((word) => {
    const text = word.trim();
    if (text === '') return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    throw wrongChannels(job, 'must be whole numbers, as in "0,1,2"');
  });
}

function channelsOf(job: Job): string {
  return field(job, 'channels') ?? '0';
}

function wrongChannels(job: Job, needs: string): KnownError {
  return new KnownError('invalid_job', `channels is "${channelsOf(job)}", but ${needs}.`);
}
