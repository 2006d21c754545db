import type { Random } from '../random.ts';
import { type Mutate, mutateBytes } from './bytes.ts';

/** What readers of text stumble over. */
// prettier-ignore
const WORDS: readonly string[] = [
  '0', '-1', '1e9', '1e-9', 'NaN', 'Infinity', '0x10', '1.5', '0.1', '99999999999999999999',
  ' ', '\t', '\n', ',', ',,', ':', '..', '/', '\\', '"', "'", '<', '>', '()', '(', ')', '{', '}',
  '&amp;', '&#x41;', '<!--', '-->', '<![CDATA[', ']]>', 'ü', '細', '\u0000', '\ufeff',
  'True', 'null', 'undefined', '__proto__', 'constructor',
];

/** Changes words of a text: repeats, swaps, leaves them out, or puts in some that are odd. */
export function mutateText(
  more: readonly string[] = [],
  encoding: BufferEncoding = 'utf8',
): Mutate {
  const words = [...WORDS, ...more];
  return (bytes, random) => {
    if (random.chance(0.15)) return mutateBytes(bytes, random);
    const parts = Buffer.from(bytes)
      .toString(encoding)
      .split(/(?<=\W)|(?=\W)/);
    for (let count = 1 + random.below(5); count > 0; count--) change(parts, words, random);
    return Buffer.from(parts.join(''), encoding);
  };
}

function change(parts: string[], words: readonly string[], random: Random): void {
  const at = random.below(parts.length + 1);
  const what = random.below(6);
  if (what === 0) parts.splice(at, 1 + random.below(8));
  else if (what === 1) parts.splice(at, 0, ...parts.slice(at, at + 1 + random.below(40)));
  else if (what === 2) parts[at] = repeated(parts[at] ?? 'a', random.pick([2, 10, 1000]));
  else if (what === 3) parts[at] = random.pick(words);
  else parts.splice(at, 0, random.pick(words));
}

/** Longer texts than a file may have teach nothing. */
const MOST_LETTERS = 2 ** 20;

function repeated(text: string, times: number): string {
  return text.length * times > MOST_LETTERS ? text : text.repeat(times);
}
