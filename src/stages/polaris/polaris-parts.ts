import type { Job } from '../../job/job.ts';
import { type PolarisChild, polarisChildren } from './polaris-children.ts';

/** What a child of a polaris job finds. */
export type Finds = PolarisChild['finds'];

const QUEUES: Readonly<Record<Finds, PolarisChild['queue']>> = {
  spots: 'spot',
  nuclei: 'segmentation',
  cytoplasm: 'segmentation',
  cells: 'mesmer',
};

/**
 * The field in which a split notes what its children find. The join reads it there: what the user asked for
 * means something only beside the image, whose channels may be named.
 */
const PARTS_FIELD = 'children:finds';
/** How many images of the batch each child was given. */
const IMAGES_FIELD = 'children:images';

/** What the split notes: one word for each kind of child, in the order of places, and the number of images. */
export function partsNote(
  planned: readonly PolarisChild[],
  images: number,
): Readonly<Record<string, string>> {
  const finds = planned.map(({ finds: word }) => word).join(',');
  return { [PARTS_FIELD]: finds, [IMAGES_FIELD]: String(images) };
}

/** What the children of a job that has been split find: the last word holds for all places that follow. */
export function partsOf(job: Job): Finds[] {
  const noted = job.fields[PARTS_FIELD];
  // Earlier releases noted nothing.
  if (noted === undefined) return polarisChildren(job).map(({ finds }) => finds);
  return noted.split(',').filter(isFinds);
}

/** The number of images of a job that has been split; undefined if an earlier release has split it. */
export function imagesOf(job: Job): number | undefined {
  const noted = job.fields[IMAGES_FIELD];
  return noted === undefined ? undefined : Number(noted);
}

/** The child at a place, in words for people. */
export function wordsForPart(parts: readonly Finds[], place: number): string {
  const finds = parts[place] ?? parts.at(-1) ?? 'spots';
  return `The ${QUEUES[finds]} job that looks for ${finds}`;
}

function isFinds(word: string): word is Finds {
  return Object.hasOwn(QUEUES, word);
}
