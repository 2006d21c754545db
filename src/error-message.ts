/** UTF-16 code units of a message. A message may quote a user, who may send a megabyte. */
const LONGEST_MESSAGE = 500;
const KEPT_AT_THE_START = 300;
const KEPT_AT_THE_END = 140;

const WORDLESS = 'something that cannot be put into words';

/** What was thrown, in words: authors of workflows may throw anything, also what cannot become a text. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return WORDLESS;
  }
}

/** The same with the kind of error before it: `TypeError: x is not a function`. */
export function kindAndMessageOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return WORDLESS;
  }
}

/** A text that is safe to show: one line of at most 500 characters, without control characters and credentials. */
export function safeMessage(text: string): string {
  return shortened(withoutCredentials(oneLine(text)));
}

/**
 * A text as one line, in time that grows with its length alone: lines are trimmed and joined, other control characters
 * are replaced, because they could move the cursor of a terminal.
 */
function oneLine(text: string): string {
  return text
    .split(/[\n\r\v\f\u0085\u2028\u2029]/)
    .flatMap((line) => line.trim() || [])
    .join(' ')
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '\uFFFD');
}

/** A text whose URLs have lost the user names and passwords that they may hold. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^\s/@]*@/g, '//***@');
}

/** A text of at most 500 characters: a longer one loses its middle, and says how much of it. */
function shortened(text: string): string {
  if (text.length <= LONGEST_MESSAGE) return text;
  const leftOut = text.length - KEPT_AT_THE_START - KEPT_AT_THE_END;
  const start = text.slice(0, KEPT_AT_THE_START);
  // Half of a surrogate pair is no character.
  return `${start} … (${leftOut} characters left out) … ${text.slice(-KEPT_AT_THE_END)}`.toWellFormed();
}
