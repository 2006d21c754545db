import { neighbour } from './flooded-surface.ts';
import type { Scratch } from '../scratch.ts';

/**
 * Floods from markers with a priority queue, as skimage.segmentation.watershed does: the pixel that is
 * highest, and among equally high ones the one that came first, leaves the queue and passes its label on to
 * the neighbours that have none. Markers all come at time 0, so their order among equals follows from the
 * structure of the binary heap, which is therefore the same to the letter.
 *
 * @param labels Positive at markers, 0 where the label is wanted, negative where nothing is to be done; each
 * row ends and the image
 *   begins and ends with such values, so that every pixel has four neighbours. Labels are filled in.
 */
export function floodByHeap(
  heights: Int32Array,
  labels: Int32Array,
  stride: number,
  scratch: Scratch,
): void {
  const queue = new PixelQueue(heights, scratch);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (labels[pixel] > 0) queue.push(pixel, 0);
  }
  let time = 0;
  while (queue.size > 0) {
    const pixel = queue.pop();
    const label = labels[pixel];
    for (let direction = 0; direction < 4; direction++) {
      const other = neighbour(pixel, direction, stride);
      if (labels[other] !== 0) continue;
      labels[other] = label;
      queue.push(other, ++time);
    }
  }
}

/** A binary heap of pixels: highest first, then earliest. */
class PixelQueue {
  size = 0;
  readonly #heights: Int32Array;
  readonly #pixels: Int32Array;
  readonly #times: Int32Array;
  readonly #keys: Int32Array;

  constructor(heights: Int32Array, scratch: Scratch) {
    this.#heights = heights;
    this.#pixels = scratch.int32(heights.length);
    this.#times = scratch.int32(heights.length);
    this.#keys = scratch.int32(heights.length);
  }

  push(pixel: number, time: number): void {
    const key = this.#heights[pixel];
    let child = this.size++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#precedes(key, time, parent)) break;
      this.#move(parent, child);
      child = parent;
    }
    this.#put(child, key, time, pixel);
  }

  pop(): number {
    const first = this.#pixels[0];
    const last = --this.size;
    const key = this.#keys[last];
    const time = this.#times[last];
    let node = 0;
    for (;;) {
      let child = 2 * node + 1;
      if (child >= last) break;
      const right = child + 1;
      if (right < last && this.#precedes(this.#keys[right], this.#times[right], child))
        child = right;
      if (!(this.#keys[child] > key || (this.#keys[child] === key && this.#times[child] < time)))
        break;
      this.#move(child, node);
      node = child;
    }
    this.#put(node, key, time, this.#pixels[last]);
    return first;
  }

  /** Whether something with this key and time comes strictly before the entry at `index`. */
  #precedes(key: number, time: number, index: number): boolean {
    const other = this.#keys[index];
    return key > other || (key === other && time < this.#times[index]);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from], this.#times[from], this.#pixels[from]);
  }

  #put(index: number, key: number, time: number, pixel: number): void {
    this.#keys[index] = key;
    this.#times[index] = time;
    this.#pixels[index] = pixel;
  }
}
