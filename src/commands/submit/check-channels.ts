import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { KnownError, classify } from '../../errors.ts';
import { describeImage } from '../../formats/decode-image.ts';
import type { ImageDescription } from '../../formats/image-description.ts';
import type { FieldUpdates } from '../../ports.ts';
import { channelNamesOf, withChannelNumbers } from '../../stages/job-fields/channel-names.ts';
import { readAxisOrder } from '../../stages/job-fields/read-axis-order.ts';
import { readChannelSlots } from '../../stages/job-fields/read-fields.ts';

interface Wanted {
  readonly paths: readonly string[];
  readonly queue: string;
  readonly fields: FieldUpdates;
}

/** Files that are looked at; if that many lack the channels, jobs are sent all the same. */
const MOST_FILES = 20;
const MOST_BYTES = 64 * 2 ** 20;
/** The consumer has limits of its own. */
const ANY_SIZE = { maxHeight: 0, maxWidth: 0, maxFileBytes: Infinity };
/** Positions of `channels` in a segmentation. */
const SLOTS = 3;

/**
 * Refuses `channels` of a segmentation that none of the images has, so that nobody waits to be told by a job:
 * `bad_usage`. Where one image has them, or it is not certain of one, its job tells.
 */
export async function checkChannels({ paths, queue, fields }: Wanted): Promise<void> {
  if (queue !== 'segmentation' || !fields['channels'] || paths.length > MOST_FILES) return;
  let problem: string | undefined;
  for (const path of paths) {
    const found = await problemOf(path, fields);
    if (found === 'none') return;
    problem ??= found === 'not an image' ? undefined : found.lacks;
  }
  if (problem !== undefined) throw new KnownError('bad_usage', problem);
}

type Found = 'none' | 'not an image' | { readonly lacks: string };

async function problemOf(path: string, fields: FieldUpdates): Promise<Found> {
  if (/\.zip$/i.test(path) || (await stat(path)).size > MOST_BYTES) return 'none';
  const image = await described(path);
  if (image === undefined) return 'not an image';
  try {
    checkSlots(image, fields);
    return 'none';
  } catch (error) {
    const { code, message } = classify(error);
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

/** As the job will be read; throws `invalid_job` for a channel that is not there. */
function checkSlots(image: ImageDescription, fields: FieldUpdates): void {
  const job = {
    key: '',
    queue: '',
    inputFileName: '',
    originalName: '',
    resultId: '',
    fields,
  };
  const { order } = readAxisOrder(job, image);
  const channels = image.shape[order.indexOf('C')] ?? 1;
  readChannelSlots(withChannelNumbers(job, channelNamesOf(image, order)), SLOTS, channels);
}
