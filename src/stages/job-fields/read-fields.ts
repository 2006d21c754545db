import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';

/** A field of the job's hash; undefined if it is absent or empty, which means the same. */
export function field({ fields }: Job, name: string): string | undefined {
  const text = fields[name]?.trim();
  return text === '' ? undefined : text;
}

/** One slot of `channels`: which model, and which channel of the image. */
export interface ChannelSlot {
  readonly slot: number;
  readonly channel: number;
}

/**
 * Reads `channels`, in which the position names the model and the number the channel of the image; empty
 * positions are skipped. Without the field the first model gets the first channel.
 */
export function readChannelSlots(job: Job, slots: number, channels: number): ChannelSlot[] {
  const text = field(job, 'channels') ?? '0';
  const filled = text.split(',').flatMap((word, slot) => {
    const index = word.trim();
    return index === '' ? [] : [{ slot, channel: readIndex(index, channels, text) }];
  });
  const beyond = filled.find(({ slot }) => slot >= slots);
  if (filled.length === 0 || beyond !== undefined) {
    throw new KnownError(
      'invalid_job',
      `channels is "${text}", but must name a channel in one of its ${slots} positions, as in "0,".`,
    );
  }
  if (filled.length > channels) {
    throw new KnownError(
      'wrong_dimensions',
      `channels is "${text}" and names ${filled.length} channels, but the image has ${channels}.`,
    );
  }
  return filled;
}

function readIndex(word: string, channels: number, text: string): number {
  const index = Number(word);
  if (Number.isInteger(index) && index >= 0 && index < channels) return index;
  throw new KnownError(
    'invalid_job',
    `channels is "${text}", but "${word}" is no channel of the image, which has ${channels} (0 to ${channels - 1}).`,
  );
}
