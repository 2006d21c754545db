import { type Band, type BandArena, withBands } from './bands.ts';
import { neighbour } from './flooded-surface.ts';
import { IntegerList } from '../integer-list.ts';
import { LOWEST } from '../ordered-bits.ts';
import type { FloodedSurface, Markers } from './surface.ts';

/** A pixel that has a level but whose link is not known yet. */
const UNLINKED = -0x80000000;

/** The order of an arrival that levels cannot tell. */
const UNKNOWN = NaN;

interface FirstLinks {
  readonly links: Int32Array;
  /** Pixels without a higher neighbour, and some markers. */
  readonly pooled: IntegerList;
  /** Pixels with several highest neighbours, and some markers. */
  readonly contested: IntegerList;
}

function linkBands(
  { stride, levels }: FloodedSurface,
  { links, pooled, contested }: FirstLinks,
  bands: readonly Band[],
  { kernels, band, list }: BandArena,
): void {
  const [level, linked, pools, contests] = [band('lowest'), band('zero'), list(), list()];
  const counts = list();
  for (const { start, count } of bands) {
    level.int32.set(levels.subarray(start - stride, start + count + stride));
    kernels.linkToHighest(
      level.address + 4 * stride,
      stride,
      count,
      start,
      linked.address,
      pools.address,
      contests.address,
      counts.address,
    );
    links.set(linked.int32.subarray(0, count), start);
    const [poolCount, contestCount] = counts.int32;
    pooled.append(pools.int32.subarray(0, poolCount));
    contested.append(contests.int32.subarray(0, contestCount));
  }
}

/** Links every pixel to its highest neighbour, but markers to themselves. */
function linkToHighest(
  surface: FloodedSurface,
  { pixels, labels }: Markers,
  first: FirstLinks,
): void {
  const { size, stride, levels } = surface;
  const { links } = first;
  links.fill(0, 0, stride);
  links.fill(0, (size.rows + 1) * stride);
  withBands(surface, 5, (bands, arena) => linkBands(surface, first, bands, arena));
  for (let i = 0; i < pixels.length; i++) {
    if (levels[pixels[i]] !== LOWEST) links[pixels[i]] = labels[i];
  }
}

/**
 * Finds for every flooded pixel the one from which the water comes: what a priority flood finds that labels
 * the neighbours of a pixel when it leaves a queue ordered by height and then by time of entry.
 *
 * - Water comes from the neighbour that leaves first: the one with the highest level.
 * - A pixel without a higher neighbour stands in a pool, above the pass through which water comes in, or on a
 * plateau. The whole pool
 *   belongs to the pass on its shore that leaves first.
 * - Pixels of equal height leave in the order of their arrival in the queue, that is of the levels from which
 * the water came to them;
 *   markers are there from the beginning.
 *
 * Where this does not tell an order (plateaus, markers of equal height) the pixels in question are listed as undecided.
 */
export class FlowLinks {
  /**
   * The label of a marker; the complement (~) of the index of the pixel where the water comes from; 0 where
   * no water comes.
   */
  readonly links: Int32Array;
  /**
   * Pairs of pixels, one after the other. The links hold only if both pixels of each pair belong to the same
   * marker label.
   */
  readonly undecided = new IntegerList(16);

  readonly #stride: number;
  readonly #heights: Int32Array;
  readonly #levels: Int32Array;
  readonly #members = new IntegerList();
  readonly #entrances = new IntegerList();

  /** Takes the markers of the surface, and memory for the links. */
  constructor(surface: FloodedSurface, markers: Markers, links: Int32Array) {
    this.links = links;
    this.#stride = surface.stride;
    this.#heights = surface.heights;
    this.#levels = surface.levels;
    const pooled = new IntegerList();
    const contested = new IntegerList();
    linkToHighest(surface, markers, { links, pooled, contested });
    for (let i = 0; i < pooled.length; i++) this.#linkPool(pooled.at(i));
    for (let i = 0; i < contested.length; i++) this.#settleContest(contested.at(i));
  }

  /**
   * Links all pixels of the pool around a pixel to its first entrance. If some of them are a plateau, all
   * entrances have to agree; the links then lead through a pixel of the plateau, which tells `#arrivalOf`
   * apart the two kinds of pools.
   */
  #linkPool(start: number): void {
    if (this.links[start] !== UNLINKED) return;
    const flat = this.#explorePool(start);
    const isFlat = flat >= 0;
    const first = this.#choose(this.#entrances, isFlat);
    const target = isFlat ? flat : first;
    for (let i = 0; i < this.#members.length; i++) this.links[this.#members.at(i)] = ~target;
    if (isFlat) this.links[flat] = ~first;
  }

  /**
   * Collects the pixels of a pool and the linked pixels of equal level on its shore. Returns one of the
   * pixels that are not above its level, or -1 if all are.
   */
  #explorePool(start: number): number {
    const members = this.#members;
    const level = this.#levels[start];
    let flat = -1;
    members.length = 0;
    this.#entrances.length = 0;
    this.links[start] = ~start;
    members.push(start);
    for (let i = 0; i < members.length; i++) {
      const pixel = members.at(i);
      if (this.#heights[pixel] === level) flat = pixel;
      for (let direction = 0; direction < 4; direction++) {
        const other = neighbour(pixel, direction, this.#stride);
        if (this.#levels[other] !== level) continue;
        if (this.links[other] === UNLINKED) {
          this.links[other] = ~start;
          members.push(other);
        } else if (this.#isEntrance(other)) {
          this.#entrances.push(other);
        }
      }
    }
    return flat;
  }

  /** Decides between several highest neighbours. */
  #settleContest(pixel: number): void {
    if (this.links[pixel] > 0) return;
    const level = this.#levels[~this.links[pixel]];
    this.#entrances.length = 0;
    for (let direction = 0; direction < 4; direction++) {
      const other = neighbour(pixel, direction, this.#stride);
      if (this.#levels[other] === level) this.#entrances.push(other);
    }
    this.links[pixel] = ~this.#choose(this.#entrances, false);
  }

  /**
   * The candidate that arrived first, that is from the highest level; on a plateau no arrival is known. Lists those
   * between which that is not known.
   */
  #choose(candidates: IntegerList, isFlat: boolean): number {
    let first = candidates.at(0);
    let highest = isFlat ? UNKNOWN : this.#arrivalOf(first);
    for (let i = 1; i < candidates.length; i++) {
      const candidate = candidates.at(i);
      if (candidate === first) continue;
      const level = isFlat ? UNKNOWN : this.#arrivalOf(candidate);
      if (level > highest) {
        first = candidate;
        highest = level;
      } else if (!(level < highest)) {
        this.undecided.push(first);
        this.undecided.push(candidate);
        // After one unknown arrival, all candidates that follow have to agree with the first too.
        highest = level === highest ? highest : UNKNOWN;
      }
    }
    return first;
  }

  /** A marker, or a pixel with a higher neighbour. */
  #isEntrance(pixel: number): boolean {
    const link = this.links[pixel];
    return link > 0 || this.#levels[~link] > this.#levels[pixel];
  }

  #arrivalAt(entrance: number): number {
    const link = this.links[entrance];
    return link > 0 ? Infinity : this.#levels[~link];
  }

  /** Water comes into a pool together with its entrance. */
  #arrivalOf(pixel: number): number {
    if (this.#isEntrance(pixel)) return this.#arrivalAt(pixel);
    const entrance = ~this.links[pixel];
    const isFlat = this.#heights[pixel] === this.#levels[pixel] || !this.#isEntrance(entrance);
    return isFlat ? UNKNOWN : this.#arrivalAt(entrance);
  }
}
