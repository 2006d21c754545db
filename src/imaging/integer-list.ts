/** A list of integers that grows as needed. */
export class IntegerList {
  length = 0;
  #items: Int32Array;

  constructor(capacity = 1024) {
    this.#items = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.#items.length) this.#grow(this.length + 1);
    this.#items[this.length++] = value;
  }

  /** Adds items behind the others. */
  append(items: Int32Array): void {
    const length = this.length + items.length;
    if (length > this.#items.length) this.#grow(length);
    this.#items.set(items, this.length);
    this.length = length;
  }

  /** Takes the last item, which must exist. */
  pop(): number {
    return this.#items[--this.length];
  }

  at(index: number): number {
    return this.#items[index];
  }

  /** The items themselves, for loops over many of them; the next `push` may replace the array. */
  items(): Int32Array {
    return this.#items.subarray(0, this.length);
  }

  #grow(least: number): void {
    const items = new Int32Array(Math.max(least, 2 * this.#items.length));
    items.set(this.#items);
    this.#items = items;
  }
}
