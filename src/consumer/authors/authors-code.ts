import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindAndMessageOf } from '../../error-message.ts';

/** Our own code, whether it runs from its sources or as it was packed. */
const OURS = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = `${sep}node_modules${sep}`;

/** The files of authors in this process, and the names of their workflows once they are known. */
const files = new Map<string, string | undefined>();

/** Notes that the process runs this file of an author. */
export function noteAuthorsFile(path: string, workflow?: string): void {
  files.set(path, workflow);
}

/** The file of an author whose folder holds code that was running, by a stack trace; the innermost. */
export function authorsFileIn(stack: string): string | undefined {
  for (const place of placesIn(stack)) {
    const found = files.keys().find((file) => isBeside(place, file));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An error that nothing caught: `origin` says whether it was thrown, or a promise was rejected. */
export interface Uncaught {
  readonly error: unknown;
  readonly origin: NodeJS.UncaughtExceptionOrigin;
}

/**
 * Says whose fault an error is that nothing caught: a sentence if it is that of an author, and undefined if it
 * may be ours. What was thrown is an author's if the innermost code is; a promise that was rejected also where
 * code of ours was called, for nothing of ours is left half done then. What is no error is none of ours.
 */
export function authorsFault({ error, origin }: Uncaught): string | undefined {
  if (files.size === 0) return undefined;
  const file = isError(error) ? fileOf(error, origin) : [...files.keys()].at(0);
  return file === undefined ? undefined : sentence(error, file);
}

/** Node puts a reason that is no error into one of its own, with this code. */
function isError(thrown: unknown): thrown is Error {
  const isWrapped =
    thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_UNHANDLED_REJECTION';
  return thrown instanceof Error && !isWrapped;
}

function fileOf({ stack = '' }: Error, origin: Uncaught['origin']): string | undefined {
  const file = authorsFileIn(stack);
  const [innermost = ''] = placesIn(stack);
  return file !== undefined && (origin === 'unhandledRejection' || isBeside(innermost, file))
    ? file
    : undefined;
}

function sentence(error: unknown, file: string): string {
  return (
    `${titleOf(file)} left an error uncaught, and nothing tells which job it belongs to; await every ` +
    `promise, and catch what timers and listeners throw: ${kindAndMessageOf(error)}`
  );
}

/** The file and its workflow, as a sentence begins. */
export function titleOf(file: string): string {
  const workflow = files.get(file);
  return workflow === undefined ? `"${file}"` : `"${file}" (workflow "${workflow}")`;
}

/** The files of a stack trace, innermost first, without those of Node. */
function placesIn(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const [, url] = /(file:\/\/\/.+?):\d+(?::\d+)?\)?$/.exec(line.trim()) ?? [];
    return url === undefined ? [] : [pathOf(url)];
  });
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Whether code is in the folder of a file, but neither ours nor in a package. */
function isBeside(place: string, file: string): boolean {
  const folder = `${dirname(file)}${sep}`;
  if (!place.startsWith(folder) || place.startsWith(OURS)) return false;
  return !place.slice(folder.length - 1).includes(PACKAGES);
}
