import { randomUUID } from 'node:crypto';
import { corruptTransfer } from '../object-error.ts';
import { Crc32c } from './crc32c.ts';
import type { GcsClient } from './gcs-client.ts';

/** Where an object goes, and as what. */
export interface GcsTarget {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** Query parameters of the object's creation, such as `predefinedAcl`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Creates an object in one request: https://cloud.google.com/storage/docs/uploading-objects#json-multipart */
export async function uploadAtOnce(
  client: GcsClient,
  { bucket, key, contentType, parameters, signal }: GcsTarget,
  bytes: Buffer,
): Promise<void> {
  const boundary = randomUUID();
  const checksum = new Crc32c();
  checksum.update(bytes);
  const metadata = { name: key, contentType, crc32c: checksum.toString() };
  const head = [
    `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n`,
    `${JSON.stringify(metadata)}\r\n`,
    `--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`,
  ];
  const { text } = await client.read({
    method: 'POST',
    url: uploadPath(bucket),
    parameters: { ...parameters, uploadType: 'multipart' },
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head.join('')), bytes, Buffer.from(`\r\n--${boundary}--`)]),
    signal,
  });
  checkStored(text, checksum, key);
}

export function uploadPath(bucket: string): string {
  return `/upload/storage/v1/b/${bucket}/o`;
}

/** Fails if the store has other bytes than were sent. `answer` is the resource of the object, as JSON. */
export function checkStored(answer: string, checksum: Crc32c, key: string): void {
  // https://cloud.google.com/storage/docs/json_api/v1/objects#resource
  const { crc32c } = JSON.parse(answer) as { readonly crc32c?: string };
  if (crc32c !== undefined && checksum.toString() !== crc32c) throw corruptTransfer(key);
}
