import assert from 'node:assert/strict';

/** The tolerance that the manifests give for labels that cannot be equal: their share of equal pixels. */
const LEAST_SHARE = 0.9995;

/**
 * Two label images have as many labels, and are the same partition up to the numbers of the labels
 * on nearly all pixels.
 */
export function assertSamePartition(labels: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(labels.length, expected.length);
  assert.equal(new Set(Array.from(labels)).size, new Set(Array.from(expected)).size);
  const pairs = new Map<string, number>();
  for (let at = 0; at < labels.length; at++) {
    const pair = `${labels[at]}:${expected[at]}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  const partners = new Map<string, readonly [label: string, pixels: number]>();
  for (const [pair, pixels] of pairs) {
    const [label = '', other = ''] = pair.split(':');
    if (pixels > (partners.get(label)?.[1] ?? 0)) partners.set(label, [other, pixels]);
  }
  const others = [...partners.values()];
  assert.equal(new Set(others.map(([other]) => other)).size, others.length, 'each has its own');
  const same = others.reduce((sum, [, pixels]) => sum + pixels, 0);
  assert.ok(same / labels.length >= LEAST_SHARE, `${same} of ${labels.length} pixels`);
}
