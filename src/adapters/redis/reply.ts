import { decodeKey } from '../../key-codec.ts';

/** What a script returns, with texts as bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/** The items of a list; none if the reply is no list. */
export function items(reply: Reply | undefined): readonly Reply[] {
  return isList(reply) ? reply : [];
}

/** A text for people or programs: what is not UTF-8 in it is replaced. */
export function text(reply: Reply | undefined): string {
  return Buffer.isBuffer(reply) ? reply.toString('utf8') : String(reply ?? '');
}

/** A key, every byte of which must survive. */
export function key(reply: Reply | undefined): string {
  return Buffer.isBuffer(reply) ? decodeKey(reply) : text(reply);
}

/** One of the words that a script returns; `otherwise` for any other. */
export function oneOf<Word extends string>(
  reply: Reply | undefined,
  words: readonly Word[],
  otherwise: Word,
): Word {
  const answer = text(reply);
  return words.find((word) => word === answer) ?? otherwise;
}

export function number(reply: Reply | undefined): number {
  return typeof reply === 'number' ? reply : Number(text(reply));
}

/** Fields out of names and values in turn. */
export function fields(reply: Reply | undefined): Record<string, string> {
  const words = items(reply);
  const entries: [string, string][] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    entries.push([text(words[at]), text(words[at + 1])]);
  }
  return Object.fromEntries(entries);
}

function isList(reply: Reply | undefined): reply is readonly Reply[] {
  return Array.isArray(reply);
}
