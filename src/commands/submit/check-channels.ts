import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { KnownError, classify } from '../../errors.ts';
import { describeImage } from '../../formats/decode-image.ts';
import type { ImageDescription } from '../../formats/image-description.ts';
import { type Job, unqueuedJob } from '../../job/job.ts';
import type { FieldUpdates } from '../../ports.ts';
import { channelNamesOf, withChannelNumbers } from '../../stages/job-fields/channel-names.ts';
import { readAxisOrder } from '../../stages/job-fields/read-axis-order.ts';
import { readChannelSlots } from '../../stages/job-fields/read-fields.ts';
import { mesmerOrder } from '../../stages/plan/mesmer-order.ts';
import { readTissueChannels } from '../../stages/plan/plan-mesmer.ts';

interface Wanted {
  readonly paths: readonly string[];
  readonly queue: string;
  readonly fields: FieldUpdates;
}

/** Maximum bytes of files to check. If there are more and none has the channels, the jobs are submitted anyway. */
const MOST_BYTES = 64 * 2 ** 20;
/** The consumer has limits of its own. */
const ANY_SIZE = { maxHeight: 0, maxWidth: 0, maxFileBytes: Infinity };
/** Positions of `channels` in a segmentation. */
const SLOTS = 3;

/** Reads the channels of a job as its workflow will; throws `invalid_job` for one that is not there. */
type Check = (job: Job, image: ImageDescription) => void;

/** By the names that queues of these workflows have. */
const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['segmentation', checkSlots],
  ['mesmer', checkTissue],
  ['multiplex', checkTissue],
]);

/**
 * Refuses `channels` that none of the images has, so that nobody waits to be told by a job: `bad_usage`. Where one
 * image has them, or it is not certain of one, its job tells.
 */
export async function checkChannels({ paths, queue, fields }: Wanted): Promise<void> {
  const check = CHECKS.get(queue);
  if (check === undefined || !fields['channels']) return;
  const [misfits, budget] = [[] as string[], { bytes: MOST_BYTES }];
  for (const path of paths) {
    const found = await problemOf(path, { check, fields, budget });
    if (found === 'none') return;
    if (found !== 'no channels') misfits.push(`"${path}": ${found.lacks}`);
  }
  const [first] = misfits;
  if (first === undefined) return;
  const all = misfits.length > 1 ? `None of the ${misfits.length} images has the channels. ` : '';
  throw new KnownError('bad_usage', `${all}${first}`);
}

/** Of a file without channels to choose from, its job tells what is wrong with it. */
type Found = 'none' | 'no channels' | { readonly lacks: string };

interface Looking {
  readonly check: Check;
  readonly fields: FieldUpdates;
  /** What may still be read. */
  readonly budget: { bytes: number };
}

async function problemOf(path: string, { check, fields, budget }: Looking): Promise<Found> {
  budget.bytes -= (await stat(path)).size;
  if (/\.zip$/i.test(path) || budget.bytes < 0) return 'none';
  const image = await described(path);
  if (image === undefined) return 'no channels';
  try {
    check(unqueuedJob({ fields }), image);
    return 'none';
  } catch (error) {
    const { code, message } = classify(error);
    if (code === 'wrong_dimensions') return 'no channels';
    return code === 'invalid_job' ? { lacks: message } : 'none';
  }
}

async function described(path: string): Promise<ImageDescription | undefined> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    return describeImage({ bytes, name: basename(path), limits: ANY_SIZE });
  } catch {
    return undefined;
  }
}

function checkSlots(job: Job, image: ImageDescription): void {
  const { order } = readAxisOrder(job, image);
  const channels = image.shape[order.indexOf('C')] ?? 1;
  readChannelSlots(withChannelNumbers(job, channelNamesOf(image, order)), SLOTS, channels);
}

function checkTissue(job: Job, image: ImageDescription): void {
  const { order } = mesmerOrder(job, image);
  const channels = image.shape[order.indexOf('C')] ?? 0;
  readTissueChannels(withChannelNumbers(job, channelNamesOf(image, order)), channels);
}
