import type { JobFields } from '../ports.ts';
import { inputOf } from './understood.ts';

interface Channels {
  readonly fields: JobFields;
  /** Place of the label image among those of the result. */
  readonly feature: number;
  readonly channelNames: readonly string[];
  /** How many the image has. */
  readonly count: number;
}

/**
 * The channels of the image in which cells were found, by what the consumer says it used, else by the job:
 * the one that `channels` names for this place among the results; all of those it names for mesmer, whose
 * model sees them together.
 */
export function segmentedChannels({ fields, feature, channelNames, count }: Channels): number[] {
  const said = inputOf(fields)?.channels.map(({ channel }) => channel);
  const words = (fields['channels'] ?? '').split(',').map((word) => word.trim());
  const asked = words.filter((word) => word !== '').map((word) => indexOf(word, channelNames));
  const named = (said ?? asked).filter((channel) => channel >= 0 && channel < count);
  // Mesmer notes it in the hash.
  const isTogether = fields['dim_order'] !== undefined;
  if (isTogether) return named.length > 0 ? named : [0, 1].filter((one) => one < count);
  return [named[feature] ?? named[0] ?? Math.min(feature, count - 1)];
}

function indexOf(word: string, names: readonly string[]): number {
  const number = /^\d+$/.test(word) ? Number(word) : -1;
  if (number >= 0) return number;
  return names.findIndex((name) => name.toLowerCase() === word.toLowerCase());
}
