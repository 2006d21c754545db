/** A small file that asks for much memory or time. */
export interface Bomb {
  /** Its ending says what it is. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How it is refused; of one that is read, undefined. */
  readonly refused?: RegExp;
}
