import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { ImageDescription } from '../../formats/image-description.ts';
import { field } from './read-fields.ts';

type Named = Pick<ImageDescription, 'shape' | 'axes' | 'channelNames'>;

/**
 * The names of the channels of an image as `order` arranges it, which is that of `arrangeAxes`; none if its
 * channels are others than those of the file. Pages with names may be the channels; a single channel has no
 * axis.
 */
export function channelNamesOf(
  { shape, axes, channelNames }: Named,
  order: string,
): readonly string[] {
  const at = order.indexOf('C');
  if (at < 0) return channelNames.length === 1 ? channelNames : [];
  const isSame = 'CI'.includes(axes[at] ?? '?') && order.split('C').length === 2;
  return isSame && shape[at] === channelNames.length ? channelNames : [];
}

/**
 * The job with numbers in place of names in `channels`. A number of a channel is a number, whatever channels
 * are called. Throws `invalid_job` for a name that the file does not have; where it has none, the field is
 * left as it is.
 */
export function withChannelNumbers(job: Job, names: readonly string[]): Job {
  const text = field(job, 'channels');
  if (text === undefined || names.length === 0) return job;
  const channels = text.split(',').map((word) => numberOf(word.trim(), names, text));
  return { ...job, fields: { ...job.fields, channels: channels.join(',') } };
}

function numberOf(word: string, names: readonly string[], text: string): string {
  if (word === '' || (/^\d+$/.test(word) && Number(word) < names.length)) return word;
  const exact = indexOfOnly(names, (name) => name === word);
  const found = exact ?? indexOfOnly(names, (name) => name.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return String(found);
  // What is no name either is left for those who read numbers.
  if (/^[+-]?[\d.]+$/.test(word)) return word;
  throw new KnownError(
    'invalid_job',
    `channels is "${text}", but the file has no channel "${word}", or several: it has ${names.join(', ')}.`,
  );
}

/** The place of a name that stands there once. */
function indexOfOnly(
  names: readonly string[],
  isMeant: (name: string) => boolean,
): number | undefined {
  const places = names.flatMap((name, at) => (isMeant(name.trim()) ? [at] : []));
  return places.length === 1 ? places[0] : undefined;
}
