/**
 * The q-th percentile of float32 values by linear interpolation, rounded as numpy rounds it for float32 data. Undefined if there are
 * no values; NaN if one of them is.
 */
export function percentile(values: Float32Array, q: number): number | undefined {
  if (values.length === 0) return undefined;
  const position = (values.length - 1) * (q / 100);
  const index = Math.floor(position);
  const { at, next } = neighbours(values, Math.min(index, values.length - 1));
  if (index >= values.length - 1) return at;
  const t = position - index;
  const step = Math.fround(next - at);
  return t < 0.5 ? at + step * t : next - step * (1 - t);
}

/** The values that would stand at `rank` and right after it if all were sorted: one pass to count, one to collect a bucket. */
function neighbours(values: Float32Array, rank: number): { at: number; next: number } {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(65_536);
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i];
    // Ordered as unsigned integers: positive floats get their sign bit set, negative ones all bits flipped.
    const key = bit ^ (bit >>> 31 ? 0xffffffff : 0x80000000);
    counts[key >>> 16] = counts[key >>> 16] + 1;
  }
  let bucket = 0;
  let before = 0;
  while (before + counts[bucket] <= rank) before += counts[bucket++];
  let last = bucket;
  for (let end = before + counts[bucket]; end <= rank + 1 && last < 65_535;) {
    end += counts[++last];
  }
  const sorted = collect(values, bits, bucket, last).sort();
  const at = sorted[rank - before];
  return { at, next: sorted[rank - before + 1] ?? at };
}

function collect(
  values: Float32Array,
  bits: Uint32Array,
  first: number,
  last: number,
): Float32Array {
  const found: number[] = [];
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i];
    const bucket = (bit ^ (bit >>> 31 ? 0xffffffff : 0x80000000)) >>> 16;
    if (bucket >= first && bucket <= last) found.push(values[i]);
  }
  return Float32Array.from(found);
}
