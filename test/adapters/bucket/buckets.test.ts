import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FolderBucket } from '../../../src/adapters/bucket/folder/folder-bucket.ts';
import { GcsBucket } from '../../../src/adapters/bucket/gcs/gcs-bucket.ts';
import { S3Bucket } from '../../../src/adapters/bucket/s3/s3-bucket.ts';
import { startGcsServer } from '../../fakes/gcs-server.ts';
import { startS3Server } from '../../harness/bucket/s3-server.ts';
import { bucketContract } from './contract.ts';
import { remoteContract } from './remote-contract.ts';

const gcsOptions = { warn: () => {} };
const s3Options = { s3Region: 'us-east-1', warn: () => {} };

bucketContract('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-bucket-'));
  return {
    bucket: new FolderBucket(pathToFileURL(folder).href),
    close: () => rm(folder, { recursive: true }),
  };
});

bucketContract('Google Cloud Storage', async () => {
  const server = await startGcsServer('images');
  return {
    bucket: new GcsBucket('images', { ...gcsOptions, gcsEndpoint: server.endpoint }),
    close: () => server.close(),
  };
});

bucketContract('S3', async () => {
  const server = await startS3Server('images');
  const bucket = new S3Bucket('images', { ...s3Options, s3Endpoint: server.endpoint });
  return {
    bucket,
    async close() {
      await bucket.close();
      await server.close();
    },
  };
});

remoteContract('Google Cloud Storage', async () => {
  const server = await startGcsServer('images');
  return {
    port: server.port,
    uploadMethod: 'POST',
    bucketAt: (gcsEndpoint, timeouts) =>
      new GcsBucket('images', { ...gcsOptions, gcsEndpoint, ...(timeouts && { timeouts }) }),
    close: () => server.close(),
  };
});

remoteContract('S3', async () => {
  const server = await startS3Server('images');
  return {
    port: server.port,
    uploadMethod: 'PUT',
    bucketAt: (s3Endpoint, timeouts) =>
      new S3Bucket('images', { ...s3Options, s3Endpoint, ...(timeouts && { timeouts }) }),
    close: () => server.close(),
  };
});
