import { buffer } from 'node:stream/consumers';
import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import { readZipMember } from '../../formats/archive/zip-member.ts';
import { openResult } from './open-result.ts';

/** The files of the result of a child, of a kind, by name and in their order. */
export async function readResultFiles(
  fileName: string,
  wanted: RegExp,
  context: StageContext,
): Promise<Map<string, Uint8Array>> {
  const { source, members } = await openResult(fileName, context);
  const files = new Map<string, Uint8Array>();
  for (const member of members) {
    if (!wanted.test(member.name)) continue;
    checkSize(member, context);
    files.set(member.name, await buffer(readZipMember(source, member)));
  }
  return files;
}

function checkSize(
  { name, size }: { readonly name: string; readonly size: number },
  { limits }: StageContext,
): void {
  if (size <= limits.maxFileBytes) return;
  const message = `"${name}" has ${size} bytes; at most ${limits.maxFileBytes} are allowed (MAX_FILE_BYTES).`;
  throw new KnownError('file_too_large', message);
}
