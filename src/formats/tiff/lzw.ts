import { LZW } from './lzw-wasm.ts';

/** The functions of wasm/lzw.ts. */
interface LzwModule {
  readonly memory: WebAssembly.Memory;
  readonly expand: (input: number, inputEnd: number, output: number, size: number) => number;
}

const PAGE = 65_536;
/** Where input begins: behind the module's table of strings. */
const INPUT = PAGE;
/** What the module may read beyond the input and write beyond the output. */
const MARGIN = 16;
/** The memory of an instance never shrinks: one that a huge segment filled is not kept. */
const KEPT_BYTES = 64 * 2 ** 20;

const compiled = new WebAssembly.Module(
  Uint8Array.from(atob(LZW), (character) => character.charCodeAt(0)),
);
let instance: LzwModule | undefined;

/**
 * Expands LZW as TIFF 6.0, section 13, has it: codes of 9 to 12 bits, most significant bit first,
 * widened one code early. A string is kept as the place where it was last written and its length, so
 * expanding copies within the output. Gives at most `size` bytes, fewer if the data ends before, in
 * memory that the next call overwrites. Throws if a code is none.
 */
export function expandLzw(packed: Uint8Array, size: number): Uint8Array {
  const { memory, expand } = moduleFor(INPUT + packed.length + size + 3 * MARGIN);
  const output = INPUT + Math.ceil((packed.length + MARGIN) / MARGIN) * MARGIN;
  new Uint8Array(memory.buffer, INPUT, packed.length).set(packed);
  const length = expand(INPUT, INPUT + packed.length, output, size);
  if (length < 0) throw new RangeError('The data has an LZW code that means nothing.');
  return new Uint8Array(memory.buffer, output, length);
}

function moduleFor(bytes: number): LzwModule {
  if (instance !== undefined && instance.memory.buffer.byteLength > KEPT_BYTES) {
    if (bytes <= KEPT_BYTES) instance = undefined;
  }
  // The module is compiled from the source that the interface describes; a test compares both.
  instance ??= new WebAssembly.Instance(compiled).exports as LzwModule;
  const missing = Math.ceil((bytes - instance.memory.buffer.byteLength) / PAGE);
  if (missing > 0) instance.memory.grow(missing);
  return instance;
}
