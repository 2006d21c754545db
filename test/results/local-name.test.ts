import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localName, localPath } from '../../src/results/local-name.ts';

describe('localName', () => {
  it('keeps a name of 255 bytes', () => {
    const name = `${'細'.repeat(83)}ab.tif`;
    assert.equal(Buffer.byteLength(name), 255);
    assert.equal(localName(name), name);
  });

  it('shortens a longer one to whole characters, and keeps its end', () => {
    const short = localName(`${'細'.repeat(82)}_batch_0_feature_0.tif`);
    assert.ok(Buffer.byteLength(short) <= 255);
    assert.match(short, /^細{60}~[0-9a-f]{8}~細{14}_batch_0_feature_0\.tif$/u);
  });

  it('gives different names different ones', () => {
    const name = (middle: string): string => `${'a'.repeat(200)}${middle}${'b'.repeat(100)}.tif`;
    assert.notEqual(localName(name('x')), localName(name('y')));
    assert.equal(localName(name('x')), localName(name('x')));
  });
});

describe('localPath', () => {
  it('shortens each part for itself', () => {
    const long = 'a'.repeat(256);
    assert.equal(localPath(`b/${long}/c.tif`), `b/${localName(long)}/c.tif`);
  });
});
