import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What makes a result stand for a file: its size and time, and what was asked for. */
export type Fingerprint = string;

const FILE = 'local.json';

/** The fingerprint of a file; undefined if it is gone. */
export async function fingerprintOf(path: string, asked: string): Promise<Fingerprint | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts && `${facts.size} ${facts.mtimeMs} ${asked}`;
}

/** Which files an earlier run has finished, by their paths; none if that is not known. */
export async function readFinished(output: string): Promise<Map<string, Fingerprint>> {
  try {
    const found: unknown = JSON.parse(await readFile(join(output, FILE), 'utf8'));
    if (typeof found !== 'object' || found === null) return new Map();
    return new Map(Object.entries(found).map(([path, print]) => [path, String(print)]));
  } catch {
    return new Map();
  }
}

export async function writeFinished(
  output: string,
  finished: ReadonlyMap<string, Fingerprint>,
): Promise<void> {
  await writeFile(join(output, FILE), `${JSON.stringify(Object.fromEntries(finished), null, 1)}\n`);
}
