import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './targets/target.ts';

const FOLDER = 'test/fuzz/corpus';
/** Larger inputs are not kept. */
const MOST_BYTES = 4096;

/** Files that earlier runs kept for a format. */
export function corpusFiles(format: string): string[] {
  return globSync(`${FOLDER}/${format}/*`).toSorted();
}

/** All that a run begins with. */
export function startingInputs(format: string, { seeds, texts = [] }: Target): Uint8Array[] {
  const files = [...globSync([...seeds]).toSorted(), ...corpusFiles(format)];
  const inputs = [
    ...texts.map((text) => Buffer.from(text)),
    ...files.map((file) => readFileSync(file)),
  ];
  // A slice of a Buffer is no copy: plain arrays cannot be changed by mistake.
  return inputs.map((input) => new Uint8Array(input));
}

/** Writes an input to the corpus; gives its path, or undefined if it is too large. */
export function keep(format: string, kind: 'fault' | 'new', bytes: Uint8Array): string | undefined {
  if (kind === 'new' && bytes.length > MOST_BYTES) return undefined;
  const folder = join(FOLDER, format);
  mkdirSync(folder, { recursive: true });
  const path = join(
    folder,
    `${kind}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`,
  );
  writeFileSync(path, bytes);
  return path;
}
