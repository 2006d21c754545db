/** UTF-16 code units. A message has room for them and for our own words. */
const LONGEST_WORDS = 200;

/**
 * What a store said, fit for a message: without markup, and without the queries of URLs, which may grant rights. At
 * most 200 characters, without a full stop at the end.
 */
export function storeWords(text: string): string {
  const words = text
    .slice(0, 100 * LONGEST_WORDS)
    .replaceAll(/<(style|script|title)\b[^>]*>[^<]*/gi, ' ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/(\bhttps?:\/\/[^\s?"'<>]*)\?[^\s"'<>]*/gi, '$1?…')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ');
  const short = words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS - 1)}…` : words;
  return short.replace(/[.\s]+$/, '');
}
