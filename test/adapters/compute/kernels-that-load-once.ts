/* Kernels that load in one thread only: in all others the module waits for ever. `?marker=` names the file by which they know. */
import { existsSync, writeFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const marker = new URL(import.meta.url).searchParams.get('marker') ?? '';
if (existsSync(marker)) await new Promise(() => setInterval(() => {}, 1000));
writeFileSync(marker, '');

export const kernels = { thread: (): number => threadId };
