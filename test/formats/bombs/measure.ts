import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('decode-alone.ts', import.meta.url));

export interface FileToDecode {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What it took to read or refuse a file. */
export interface Cost {
  /** Of CPU time, on one thread. */
  readonly ms: number;
  /** The most that it had at once, besides the file. */
  readonly bytes: number;
  /** Why it was refused, if it was. */
  readonly refused?: string;
}

/** Decodes a file in a process of its own: what another file, or the test itself, has taken and given back is no part of it. */
export async function measure({ name, bytes }: FileToDecode): Promise<Cost> {
  const child = fork(CHILD, { serialization: 'advanced' });
  child.send({ name, bytes });
  const [cost] = (await once(child, 'message')) as [Cost];
  if (child.exitCode === null) await once(child, 'exit');
  return cost;
}
