interface Field {
  readonly rows: number;
  readonly columns: number;
  readonly nuclei: number;
  readonly seed: number;
}

/** A field of nuclei as a fluorescence microscope shows it: soft ellipses of differing brightness, uneven light, noise. float32. */
export function renderNuclei({ rows, columns, nuclei, seed }: Field): Float32Array {
  const random = generator(seed);
  const plane = new Float32Array(rows * columns);
  for (let i = 0; i < plane.length; i++) {
    const light = 1 + 0.3 * Math.sin((i % columns) / columns + i / plane.length);
    plane[i] = 120 * light + 12 * (random() + random() + random() - 1.5);
  }
  for (let n = 0; n < nuclei; n++) {
    drawNucleus(plane, { rows, columns }, random);
  }
  return plane;
}

function drawNucleus(
  plane: Float32Array,
  { rows, columns }: Pick<Field, 'rows' | 'columns'>,
  random: () => number,
): void {
  const [cy, cx] = [random() * rows, random() * columns];
  const [a, b] = [8 + 4 * random(), 6 + 3 * random()];
  const angle = Math.PI * random();
  const brightness = 500 + 900 * random();
  for (let y = Math.max(0, Math.floor(cy - 18)); y < Math.min(rows, cy + 18); y++) {
    for (let x = Math.max(0, Math.floor(cx - 18)); x < Math.min(columns, cx + 18); x++) {
      const u = ((x - cx) * Math.cos(angle) + (y - cy) * Math.sin(angle)) / a;
      const v = ((y - cy) * Math.cos(angle) - (x - cx) * Math.sin(angle)) / b;
      const edge = 1 / (1 + Math.exp(6 * (Math.hypot(u, v) - 1)));
      const value = 120 + brightness * edge * (1 - 0.15 * Math.hypot(u, v));
      plane[y * columns + x] = Math.max(plane[y * columns + x], edge > 0.02 ? value : 0);
    }
  }
}

/** Mulberry32, by T. Ettinger: the same field for the same seed, everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
