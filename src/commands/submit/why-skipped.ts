import { open } from 'node:fs/promises';
import { adviceOnImage } from '../../formats/unread/unread-format.ts';

/** A file of a folder that is not submitted. */
export interface Skipped {
  readonly path: string;
  /** In a sentence. */
  readonly reason: string;
}

export const NOT_TAKEN = 'By its name it is no file for this queue.';
/** Bytes that are enough to recognize a format. */
const BEGINNING = 2 ** 16;

/** Why files are not submitted: for images of other formats, and images whose names hide it, with what to do. */
export async function whySkipped(paths: readonly string[]): Promise<Skipped[]> {
  const skipped: Skipped[] = [];
  for (const path of paths) skipped.push({ path, reason: (await adviceOn(path)) ?? NOT_TAKEN });
  return skipped;
}

/** The first of files that is an image which is not read, or whose name hides it, in a sentence. */
export async function firstAdvice(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const advice = await adviceOn(path);
    if (advice !== undefined) return `"${path}": ${advice}`;
  }
  return undefined;
}

async function adviceOn(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(BEGINNING) });
    return adviceOnImage(buffer.subarray(0, bytesRead));
  } catch {
    // It is skipped in any case.
    return undefined;
  }
}
