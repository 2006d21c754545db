/** How well labels match the truth: F1 of objects that overlap by at least half (intersection over union). */
export function f1AtHalf(labels: ArrayLike<number>, truth: ArrayLike<number>): number {
  const [found, real, both] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  const count = <Key>(counts: Map<Key, number>, key: Key): unknown =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let pixel = 0; pixel < truth.length; pixel++) {
    const [label, object] = [labels[pixel], truth[pixel]];
    if (label > 0) count(found, label);
    if (object > 0) count(real, object);
    if (label > 0 && object > 0) count(both, `${label} ${object}`);
  }
  // Objects that overlap by more than half have no other partner.
  const matches = [...both].filter(([pair, shared]) => {
    const [label = 0, object = 0] = pair.split(' ').map(Number);
    return shared / ((found.get(label) ?? 0) + (real.get(object) ?? 0) - shared) >= 0.5;
  });
  return (2 * matches.length) / (found.size + real.size);
}
