/**
 * Reads `name=value` pairs, percent-encoded as W3C Baggage and OpenTelemetry's variables have them. What is
 * no pair is left out.
 */
export function readPairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.flatMap(readPair));
}

function readPair(word: string): [string, string][] {
  const middle = word.indexOf('=');
  if (middle < 1) return [];
  return [[decode(word.slice(0, middle)), decode(word.slice(middle + 1))]];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}
