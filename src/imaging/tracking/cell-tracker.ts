import type { NdArray } from '../array.ts';

export interface TrackingOptions {
  /** Frames of a track that the model looks at. */
  readonly trackLength: number;
  /** Least probability with which a new cell is the daughter of a track. */
  readonly division: number;
  /** Cost of a track that ends. */
  readonly death: number;
  /** Cost of a cell that begins a track. */
  readonly birth: number;
}

/** The way of a cell through a movie. */
export interface Track {
  readonly label: number;
  /** Ascending. */
  readonly frames: readonly number[];
  /** Labels of the tracks that it divided into. */
  readonly daughters: readonly number[];
  readonly capped: boolean;
  /** The frame in which its daughters begin. */
  readonly dividedAt: number | undefined;
  /** The track that it came from. */
  readonly parent: number | undefined;
}

/** What is known of the cells of a movie: by frame, and by slot within a frame. */
export interface TrackedCells {
  /** How many cells each frame has; they stand in the first slots. */
  readonly counts: readonly number[];
  /** float32 `[frame, slot, feature]` */
  readonly embeddings: NdArray<Float32Array>;
  /** float32 `[frame, slot, 2]` */
  readonly centroids: NdArray<Float32Array>;
}

/** What the model compares: all tracks so far with all cells of a frame. float32, a batch of one. */
export interface Comparison {
  /** `[1, step, track, feature]` */
  readonly currentEmbeddings: NdArray<Float32Array>;
  /** `[1, step, track, 2]` */
  readonly currentCentroids: NdArray<Float32Array>;
  /** `[1, 1, cell, feature]` */
  readonly futureEmbeddings: NdArray<Float32Array>;
  /** `[1, 1, cell, 2]` */
  readonly futureCentroids: NdArray<Float32Array>;
}

interface Cell {
  readonly frame: number;
  readonly slot: number;
}

/** A track that still grows. */
interface OpenTrack {
  readonly label: number;
  readonly cells: Cell[];
  readonly daughters: OpenTrack[];
  parent: OpenTrack | undefined;
  dividedAt: number | undefined;
}

/**
 * Links cells into tracks, frame by frame: Schwartz et al., "Caliban: accurate cell tracking and lineage
 * construction in live-cell imaging experiments with deep learning" (2023), `CellTracker` of
 * deepcell-tracking 0.6.5. For each frame after the first: `compare` gives the input of the model, `ended`
 * tells which tracks no cell continues, `advance` takes the assignment.
 */
export class CellTracker {
  readonly #cells: TrackedCells;
  readonly #options: TrackingOptions;
  readonly #tracks: OpenTrack[] = [];

  constructor(cells: TrackedCells, options: TrackingOptions) {
    this.#cells = cells;
    this.#options = options;
    const count = cells.counts[0] ?? 0;
    for (let slot = 0; slot < count; slot++) this.#begin({ frame: 0, slot });
  }

  /** The tracks in the order of their labels. */
  tracks(): Track[] {
    return this.#tracks.map(({ label, cells, daughters, parent, dividedAt }) => ({
      label,
      frames: cells.map(({ frame }) => frame),
      daughters: daughters.map((daughter) => daughter.label),
      capped: dividedAt !== undefined,
      dividedAt,
      parent: parent?.label,
    }));
  }

  /** The label of the track of each cell, by frame and slot. */
  labels(): number[][] {
    const labels = this.#cells.counts.map((count) => Array.from({ length: count }, () => 0));
    for (const { label, cells } of this.#tracks) {
      for (const { frame, slot } of cells) labels[frame][slot] = label;
    }
    return labels;
  }

  /** All tracks so far, and the cells of a frame. */
  compare(frame: number): Comparison {
    const count = this.#cells.counts[frame] ?? 0;
    const { trackLength } = this.#options;
    const current = Array.from({ length: trackLength }, (_, step) =>
      this.#tracks.map(({ cells }) => {
        const recent = cells.slice(-trackLength);
        return recent[Math.min(step, recent.length - 1)];
      }),
    );
    const future = [Array.from({ length: count }, (_, slot) => ({ frame, slot }))];
    const { embeddings, centroids } = this.#cells;
    return {
      currentEmbeddings: gather(embeddings, current),
      currentCentroids: gather(centroids, current),
      futureEmbeddings: gather(embeddings, future),
      futureCentroids: gather(centroids, future),
    };
  }

  /** 1 for each track that has divided, which no cell continues. */
  ended(): Uint8Array {
    return Uint8Array.from(this.#tracks, ({ dividedAt }) => (dividedAt === undefined ? 0 : 1));
  }

  /** Gives each track its cell of the frame, begins new tracks, and divides those that got daughters. */
  advance(frame: number, probabilities: NdArray<Float32Array>, columns: Int32Array): void {
    const count = this.#cells.counts[frame] ?? 0;
    const before = this.#tracks.slice();
    for (const [row, slot] of columns.entries()) {
      if (slot >= count) continue;
      const track = before[row];
      if (track === undefined) this.#bear({ frame, slot }, before, probabilities);
      else track.cells.push({ frame, slot });
    }
    for (const track of this.#tracks.slice()) {
      if (track.daughters.length > 0) this.#divide(track, frame);
    }
  }

  #begin(cell: Cell, parent?: OpenTrack): void {
    const label = this.#tracks.length + 1;
    const track = { label, cells: [cell], daughters: [], parent, dividedAt: undefined };
    this.#tracks.push(track);
    parent?.daughters.push(track);
  }

  /** Begins the track of a cell that belongs to no other, as a daughter of the most probable parent. */
  #bear(cell: Cell, candidates: readonly OpenTrack[], { data }: NdArray<Float32Array>): void {
    const count = this.#cells.counts[cell.frame] ?? 0;
    let best = this.#options.division;
    let parent: OpenTrack | undefined;
    for (const [index, candidate] of candidates.entries()) {
      const probability = data[3 * (index * count + cell.slot) + 2];
      if (candidate.dividedAt !== undefined || !(probability > best)) continue;
      best = probability;
      parent = candidate;
    }
    this.#begin(cell, parent);
  }

  /** Ends a track with daughters. A cell that it got in this very frame is one of them. */
  #divide(track: OpenTrack, frame: number): void {
    track.dividedAt ??= frame;
    const last = track.cells.at(-1);
    if (last?.frame !== frame) return;
    track.cells.pop();
    this.#begin(last, track);
  }
}

/** Rows of `[frame, slot, feature]` as `[1, step, cell, feature]`. */
function gather(
  { shape, data }: NdArray<Float32Array>,
  steps: readonly (readonly Cell[])[],
): NdArray<Float32Array> {
  const [, slots = 0, features = 0] = shape;
  const cells = steps.flat();
  const gathered = new Float32Array(cells.length * features);
  for (const [index, { frame, slot }] of cells.entries()) {
    const start = (frame * slots + slot) * features;
    gathered.set(data.subarray(start, start + features), index * features);
  }
  return { shape: [1, steps.length, steps[0]?.length ?? 0, features], data: gathered };
}
