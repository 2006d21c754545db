import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { nothingLeft } from '../harness/stages/obedient-jobs.ts';

const FIXTURES = new URL('../formats/', import.meta.url);
const TIFF = Buffer.from(encodeTiff({ shape: [40, 50], data: new Float32Array(2000) }));
const PNG = readFileSync(new URL('png/fixtures/grey-16.png', FIXTURES));
const JPEG = readFileSync(new URL('jpeg/fixtures/grey.jpg', FIXTURES));
const HTML = Buffer.from('<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>');

/** What is wrong with each file. */
const FILES: Readonly<Record<string, Buffer>> = {
  'nothing.tif': Buffer.alloc(0),
  'page.tif': HTML,
  'page.png': HTML,
  'zeros.tif': Buffer.alloc(4096),
  'half.tif': TIFF.subarray(0, TIFF.length >> 1),
  'half.png': PNG.subarray(0, PNG.length >> 1),
  'head.jpg': JPEG.subarray(0, 200),
  'changed.png': Buffer.concat([PNG.subarray(0, 60), Buffer.alloc(8, 7), PNG.subarray(68)]),
  'archive.tif': Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'),
};

let deployment: Deployment;
before(async () => {
  deployment = await Deployment.open({ models: [doubling] });
});
after(() => deployment.close());

for (const [name, bytes] of Object.entries(FILES)) {
  test(`R17: ${name} fails at the first attempt, with a reason that people understand`, async () => {
    await deployment.upload(`uploads/${name}`, bytes);
    await deployment.submit(`image:${name}`, {
      input_file_name: `uploads/${name}`,
      model_name: 'Doubling',
      model_version: '1',
    });
    const {
      status,
      attempts,
      reason = '',
      error_code: code = '',
    } = await deployment.ended(`image:${name}`);
    assert.deepEqual([status, attempts], ['failed', '1']);
    assert.match(code, /^(corrupt_image|unsupported_file|invalid_file_type)$/, reason);
    assert.match(reason, /^["A-Z][^\n]{15,}\.$/);
    assert.doesNotMatch(reason, /\bat .*\.ts|undefined|TypeError/);
  });
}

test('R17: a file with the ending of another format is read as what it is', async () => {
  await deployment.upload('uploads/really-a.png', TIFF);
  await deployment.submit('image:really-a.png', {
    input_file_name: 'uploads/really-a.png',
    model_name: 'Doubling',
    model_version: '1',
  });
  assert.equal((await deployment.ended('image:really-a.png'))['status'], 'done');
  await nothingLeft(deployment);
  assert.deepEqual(deployment.consumer.lines('Trying again'), []);
});
