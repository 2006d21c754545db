import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('yardstick.py', import.meta.url));

/**
 * How many times slower this machine is now than the one on which the Python consumer was measured, by three functions of
 * scikit-image; undefined without python3-skimage. Processor time is divided by it before it is compared.
 */
export async function yardstick(): Promise<number | undefined> {
  try {
    const { stdout } = await run('/usr/bin/python3', [SCRIPT]);
    return Number(/is ([\d.]+) times slower/.exec(stdout)?.[1]);
  } catch {
    return undefined;
  }
}
