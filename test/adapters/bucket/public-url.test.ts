import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BucketOptions, openBucket } from '../../../src/adapters/bucket/open-bucket.ts';

process.env['AWS_ACCESS_KEY_ID'] = 'key';
process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';

interface Case {
  readonly bucket: string;
  readonly options: Partial<BucketOptions>;
  /** The address of output/a b.zip. */
  readonly url: string;
}

const PUBLIC_URL = 'https://data.example.org/of/users';

/** Addresses at which the objects are: https://docs.aws.amazon.com/general/latest/gr/s3.html */
const CASES: Readonly<Record<string, Case>> = {
  'Amazon as the Kiosk knows it': {
    bucket: 's3://field',
    options: { s3Region: 'us-east-1' },
    url: 'https://s3.amazonaws.com/field/output/a%20b.zip',
  },
  'another region': {
    bucket: 's3://field',
    options: { s3Region: 'eu-west-1' },
    url: 'https://s3.eu-west-1.amazonaws.com/field/output/a%20b.zip',
  },
  'the partition of China': {
    bucket: 's3://field',
    options: { s3Region: 'cn-north-1' },
    url: 'https://s3.cn-north-1.amazonaws.com.cn/field/output/a%20b.zip',
  },
  'the partition of the US government': {
    bucket: 's3://field',
    options: { s3Region: 'us-gov-west-1' },
    url: 'https://s3.us-gov-west-1.amazonaws.com/field/output/a%20b.zip',
  },
  'a name with dots': {
    bucket: 's3://field.of.view',
    options: { s3Region: 'eu-west-1' },
    url: 'https://s3.eu-west-1.amazonaws.com/field.of.view/output/a%20b.zip',
  },
  'MinIO and others with an endpoint of their own': {
    bucket: 's3://field',
    options: { s3Endpoint: 'http://minio.lab:9000' },
    url: 'http://minio.lab:9000/field/output/a%20b.zip',
  },
  'an endpoint below a path': {
    bucket: 's3://field',
    options: { s3Endpoint: 'https://storage.lab/s3/' },
    url: 'https://storage.lab/s3/field/output/a%20b.zip',
  },
  'an s3:// bucket with a public URL': {
    bucket: 's3://field',
    options: { s3Endpoint: 'http://minio.lab:9000', publicUrl: PUBLIC_URL },
    url: `${PUBLIC_URL}/output/a%20b.zip`,
  },
  'Google as the Kiosk knows it': {
    bucket: 'gs://field',
    options: {},
    url: 'https://storage.googleapis.com/field/output/a%20b.zip',
  },
  'a gs:// bucket with a public URL': {
    bucket: 'gs://field',
    options: { publicUrl: `${PUBLIC_URL}/` },
    url: `${PUBLIC_URL}/output/a%20b.zip`,
  },
  'a folder': {
    bucket: 'file:///srv/field',
    options: {},
    url: 'file:///srv/field/output/a%20b.zip',
  },
  'a folder that a web server serves': {
    bucket: 'file:///srv/field',
    options: { publicUrl: PUBLIC_URL },
    url: `${PUBLIC_URL}/output/a%20b.zip`,
  },
};

for (const [name, { bucket: url, options, url: expected }] of Object.entries(CASES)) {
  test(`results in ${name} have the URL at which they are, and it names them back`, async () => {
    const defaults = { gcsEndpoint: '', s3Endpoint: '', s3Region: 'us-east-1', warn: () => {} };
    const bucket = await openBucket(url, { ...defaults, ...options });
    assert.equal(bucket.publicUrl('output/a b.zip'), expected);
    assert.equal(bucket.keyOf(expected), 'output/a b.zip');
    await bucket.close();
  });
}
