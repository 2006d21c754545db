import type { JobFields } from '../ports.ts';

/**
 * What the consumer said about how it understood a job: its field `warnings`, a JSON list or a sentence on
 * each line.
 */
export function warningsOf({ warnings = '' }: JobFields): string[] {
  return (listIn(warnings) ?? warnings.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function listIn(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}
