/** A list of integers that grows as needed. */
export class IntegerList {
  length = 0;
  #items: Int32Array;

  constructor(capacity = 1024) {
    this.#items = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.#items.length) this.#grow();
    this.#items[this.length++] = value;
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

  #grow(): void {
    const items = new Int32Array(2 * this.#items.length);
    items.set(this.#items);
    this.#items = items;
  }
}
