const BINS = 256;

/** Counts of values from 0 to 1 in 256 bins; values beyond fall into the outermost ones. */
export class Histogram {
  readonly #counts = new Uint32Array(BINS);
  readonly #total: number;

  constructor(values: Float32Array) {
    this.#total = values.length;
    for (const value of values) {
      this.#counts[Math.max(0, Math.min(BINS - 1, Math.floor(value * BINS)))]++;
    }
  }

  /** The value below which this share of the values lies, to the width of a bin. */
  quantile(share: number): number {
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      below += this.#counts[bin];
      if (below >= share * this.#total) return centre(bin);
    }
    return centre(BINS - 1);
  }

  /**
   * The threshold that separates two classes best: their means lie farthest apart for their sizes (Otsu, IEEE
   * Transactions on Systems, Man and Cybernetics 9, 1979).
   */
  otsu(): number {
    const sum = this.#counts.reduce((total, count, bin) => total + count * centre(bin), 0);
    let best = 0;
    let threshold = 0;
    let count = 0;
    let part = 0;
    for (let bin = 0; bin < BINS - 1; bin++) {
      count += this.#counts[bin];
      part += this.#counts[bin] * centre(bin);
      const others = this.#total - count;
      if (count === 0 || others === 0) continue;
      const gap = part / count - (sum - part) / others;
      const variance = count * others * gap * gap;
      if (variance > best) {
        best = variance;
        threshold = centre(bin);
      }
    }
    return threshold;
  }
}

function centre(bin: number): number {
  return (bin + 0.5) / BINS;
}
