import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedKey } from '../../../src/adapters/bucket/key.ts';
import { memberKeys } from '../../../src/stages/archive/member-keys.ts';

const bucket = { keyOf: checkedKey };

test('a name that an object may have is kept; others are replaced by the place', () => {
  const long = `${'n'.repeat(251)}.tif`;
  const names = ['a.tif', 'b/é, :?#.tif', 'tab\t.tif', '\ufffe.tif', long, `n${long}`, '.\\c.t f'];
  assert.deepEqual(memberKeys({ bucket, resultId: 'id', names }), [
    'output/id/a.tif',
    'output/id/b/é, :?#.tif',
    'output/id-2.tif',
    'output/id-3.tif',
    `output/id/${long}`,
    'output/id-5.tif',
    'output/id-6',
  ]);
});

test('a file that others take for a folder gets another key, even with neighbours between them', () => {
  const names = ['a.tif/b.tif', 'a.tif', 'a.tif!.png', 'a', 'a.tif-2.tif'];
  assert.deepEqual(memberKeys({ bucket, resultId: 'id', names }), [
    'output/id/a.tif/b.tif',
    'output/id-1.tif',
    'output/id/a.tif!.png',
    'output/id/a',
    'output/id/a.tif-2.tif',
  ]);
});

test('an error of the bucket that is not about the name is passed on', () => {
  const broken = {
    keyOf: (): string => {
      throw new Error('Broken.');
    },
  };
  assert.throws(() => memberKeys({ bucket: broken, resultId: 'id', names: ['a.tif'] }), /Broken/);
});
