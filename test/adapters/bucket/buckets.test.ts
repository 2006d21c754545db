import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FolderBucket } from '../../../src/adapters/bucket/folder-bucket.ts';
import { GcsBucket } from '../../../src/adapters/bucket/gcs-bucket.ts';
import { S3Bucket } from '../../../src/adapters/bucket/s3-bucket.ts';
import { startGcsServer } from '../../fakes/gcs-server.ts';
import { startS3Server } from '../../fakes/s3-server.ts';
import { bucketContract } from './contract.ts';

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
    bucket: new GcsBucket('images', { gcsEndpoint: server.endpoint, warn: () => {} }),
    close: () => server.close(),
  };
});

bucketContract('S3', async () => {
  const server = await startS3Server('images');
  const bucket = new S3Bucket('images', { s3Endpoint: server.endpoint, s3Region: 'us-east-1' });
  return {
    bucket,
    async close() {
      await bucket.close();
      await server.close();
    },
  };
});
