import { KnownError } from '../../errors.ts';

/** The whole number of an option; `bad_usage` if it is none. */
export function readWholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new KnownError('bad_usage', `${option} is "${text}", but must be a whole number.`);
}

/** The seconds of an option as milliseconds; `bad_usage` if they are none. */
export function readSeconds(option: string, text: string): number {
  const seconds = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return Math.round(seconds * 1000);
  throw new KnownError('bad_usage', `${option} is "${text}", but must be seconds, as in 30.`);
}
