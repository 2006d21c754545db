import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from '../../ports.ts';
import { openStorage } from '../../consumer/open-storage.ts';
import type { CoreSettings } from '../../consumer/read-settings.ts';
import { type Check, Finding } from './check.ts';

/** Writes, reads and removes a small object where results go. */
export function bucketCheck(core: CoreSettings): Check {
  const warnings: string[] = [];
  return {
    name: 'Bucket',
    trouble: () => warnings.at(-1),
    run: async (signal) => {
      const bucket = await openStorage(core, (message) => warnings.push(message));
      try {
        await writeAndRead(bucket, signal);
        return [`${bucket.url} can be written, read and deleted from`, ...warnings].join('; ');
      } finally {
        await bucket.close();
      }
    },
  };
}

async function writeAndRead(bucket: Bucket, signal: AbortSignal): Promise<void> {
  const key = `output/doctor-${randomUUID()}.txt`;
  const written = Buffer.from(`Written by doctor as ${key}.\n`);
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield written;
  };
  await bucket.upload(key, once(), { contentType: 'text/plain', signal });
  try {
    const { body } = await bucket.open(key, signal);
    if (!(await buffer(body)).equals(written)) {
      throw new Finding(
        `${bucket.url} gave back other bytes than were written`,
        'See whether a proxy or a cache is between this machine and the bucket.',
      );
    }
  } finally {
    await bucket.remove(key, signal);
  }
}
