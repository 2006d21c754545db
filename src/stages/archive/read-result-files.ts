import { buffer } from 'node:stream/consumers';
import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import { readZipMember } from '../../formats/archive/zip-member.ts';
import { openResult } from './open-result.ts';

/** Files of a result, by name and in their order. */
export interface ResultFiles {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Gives their memory back, once nobody reads them any more. */
  readonly release: () => void;
}

/** The files of the result of a child, of a kind; waits until there is memory for them. */
export async function readResultFiles(
  fileName: string,
  wanted: RegExp,
  context: StageContext,
): Promise<ResultFiles> {
  const { source, members } = await openResult(fileName, context);
  const chosen = members.filter(({ name }) => wanted.test(name));
  for (const member of chosen) checkSize(member, context);
  const release = await context.reserve(chosen.reduce((sum, { size }) => sum + size, 0));
  const files = new Map<string, Uint8Array>();
  for (const member of chosen) {
    files.set(member.name, await buffer(readZipMember(source, member)));
  }
  return { files, release };
}

function checkSize(
  { name, size }: { readonly name: string; readonly size: number },
  { limits }: StageContext,
): void {
  if (size <= limits.maxFileBytes) return;
  const message = `"${name}" has ${size} bytes; at most ${limits.maxFileBytes} are allowed (MAX_FILE_BYTES).`;
  throw new KnownError('file_too_large', message);
}
