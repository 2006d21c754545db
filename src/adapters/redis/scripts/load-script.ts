import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script as Redis takes it, and the name that Redis gives it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

const INCLUDE = /^--- @include ([\w-]+)\n/gm;

/**
 * Reads a script of this folder. A line `--- @include NAME` stands for the file `parts/NAME.lua`; each part
 * is put in once, before what includes it.
 */
export function loadScript(name: string): Script {
  const text = resolve(read(`${name}.lua`), new Set());
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

function resolve(text: string, included: Set<string>): string {
  return text.replaceAll(INCLUDE, (_, part: string) => {
    if (included.has(part)) return '';
    included.add(part);
    return resolve(read(`parts/${part}.lua`), included);
  });
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
