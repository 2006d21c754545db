import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Block } from '../blocks.ts';
import { retryBriefly } from '../retry-briefly.ts';
import { explainS3 } from './s3-error.ts';
import type { S3Requests } from './s3-requests.ts';

/** Where an object goes, and as what. */
export interface S3Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
  readonly RequestPayer?: 'requester';
}

/** Stores an object: in one request if it fits into one block, else in parts. */
export async function uploadToS3(
  requests: S3Requests,
  target: S3Target,
  blocks: AsyncIterable<Block>,
  signal: AbortSignal,
): Promise<void> {
  let parts: PartsUpload | undefined;
  try {
    for await (const { bytes, isLast } of blocks) {
      if (isLast && parts === undefined) return await putAtOnce(requests, target, bytes, signal);
      parts ??= await PartsUpload.begin(requests, target, signal);
      await parts.send(bytes);
    }
    await parts?.complete();
  } catch (error) {
    parts?.takeAway();
    throw error;
  }
}

async function putAtOnce(
  requests: S3Requests,
  target: S3Target,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<void> {
  await requests.store(
    ({ client, checksums }, abortSignal) =>
      client.send(
        new PutObjectCommand({ ...target, Body: bytes, ...(!checksums && md5Of(bytes)) }),
        { abortSignal },
      ),
    signal,
  );
}

/** An upload in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
class PartsUpload {
  readonly #requests: S3Requests;
  readonly #target: Omit<S3Target, 'ContentType'>;
  readonly #uploadId: string | undefined;
  readonly #signal: AbortSignal;
  readonly #parts: CompletedPart[] = [];

  private constructor(
    requests: S3Requests,
    { ContentType: _, ...target }: S3Target,
    uploadId: string | undefined,
    signal: AbortSignal,
  ) {
    this.#requests = requests;
    this.#target = target;
    this.#uploadId = uploadId;
    this.#signal = signal;
  }

  static async begin(
    requests: S3Requests,
    target: S3Target,
    signal: AbortSignal,
  ): Promise<PartsUpload> {
    const { UploadId } = await requests.store(
      ({ client, checksums }, abortSignal) =>
        client.send(
          new CreateMultipartUploadCommand({
            ...target,
            ...(checksums && { ChecksumAlgorithm: 'CRC32' }),
          }),
          { abortSignal },
        ),
      signal,
    );
    return new PartsUpload(requests, target, UploadId, signal);
  }

  /** Sends the next part; again if the store is unavailable for a moment, because the parts before it are safe. */
  async send(bytes: Buffer): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    const part = { ...this.#target, UploadId: this.#uploadId, PartNumber, Body: bytes };
    const { ETag, ChecksumCRC32 } = await retryBriefly(explainS3, this.#signal, () =>
      this.#requests.store(
        ({ client, checksums }, abortSignal) =>
          client.send(new UploadPartCommand({ ...part, ...(!checksums && md5Of(bytes)) }), {
            abortSignal,
          }),
        this.#signal,
      ),
    );
    this.#parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }

  async complete(): Promise<void> {
    const whole = { ...this.#target, UploadId: this.#uploadId };
    const command = new CompleteMultipartUploadCommand({
      ...whole,
      MultipartUpload: { Parts: this.#parts },
    });
    await this.#requests.send(
      ({ client }, abortSignal) => client.send(command, { abortSignal }),
      this.#signal,
    );
  }

  /** Not waited for: parts that stay behind cost a little, and never become an object. */
  takeAway(): void {
    const { signal } = new AbortController();
    const command = new AbortMultipartUploadCommand({ ...this.#target, UploadId: this.#uploadId });
    this.#requests
      .send(({ client }, abortSignal) => client.send(command, { abortSignal }), signal)
      .catch(() => undefined);
  }
}

/** The checksum that every S3 server knows. */
function md5Of(bytes: Buffer): { readonly ContentMD5: string } {
  return { ContentMD5: createHash('md5').update(bytes).digest('base64') };
}
