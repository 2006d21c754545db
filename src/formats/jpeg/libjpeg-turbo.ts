import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/*
 * libjpeg-turbo, compiled to WebAssembly by the project Cornerstone. Its glue code is made by Emscripten: the
 * factory fills the object that it is given, at once if `instantiateWasm` gives an instance at once.
 */

/** What the factory adds to the object that it is given, as far as it is used here. */
interface Codec {
  readonly HEAPU8: Uint8Array;
  readonly JPEGDecoder: new () => Decoder;
}

interface Decoder {
  /** Memory for a stream of this length. */
  getEncodedBuffer(length: number): Uint8Array;
  /** Throws the address of the address of a text. */
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

type Imports = Record<string, Record<string, (...values: number[]) => unknown>>;

interface Glue {
  instantiateWasm(imports: Imports, receive: (instance: WebAssembly.Instance) => void): object;
}

/**
 * How libjpeg took a stream. `damaged`: it warned, and made the best of it. `refused`: it gave up. `unnamed
 * sampling`: its interface has no name for how the colours are sampled.
 */
export type Outcome = 'good' | 'damaged' | 'refused' | 'unnamed sampling';

export interface Decoded {
  readonly outcome: Outcome;
  /** Samples `[row, column, channel]`, in memory that the next call overwrites. */
  readonly data: Uint8Array;
}

interface Session {
  readonly codec: Codec;
  /** The decoder of the last call, which holds its samples. */
  last: Decoder | undefined;
  /** libjpeg has met an error, after which it leaves by longjmp. */
  gaveUp: boolean;
}

const PACKAGE = '@cornerstonejs/codec-libjpeg-turbo-8bit';
/** The memory of an instance never shrinks: one that a larger image filled is not kept. */
const KEPT_BYTES = 2 ** 24;

let kept: Session | undefined;

/** Decodes a stream made of these pieces, of grey or RGB samples; synchronous, on any thread. */
export function decodeWithLibjpeg(pieces: readonly Uint8Array[]): Decoded {
  const session = kept ?? startSession();
  // C++ exceptions leave memory behind: after one, the next call starts anew.
  kept = undefined;
  session.last?.delete();
  // A decoder that is used again would hold the samples of another image if this one fails.
  const decoder = new session.codec.JPEGDecoder();
  session.last = decoder;
  const stream = decoder.getEncodedBuffer(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    stream.set(piece, at);
    at += piece.length;
  }
  const outcome = attempt(session, decoder);
  const data = decoder.getDecodedBuffer();
  if (outcome === 'good' && data.length + at <= KEPT_BYTES) kept = session;
  return { outcome, data };
}

function attempt(session: Session, decoder: Decoder): Outcome {
  try {
    decoder.decode();
    return 'good';
  } catch (thrown) {
    if (session.gaveUp) return 'refused';
    const text = thrownText(session.codec, thrown);
    if (text.includes('decompressing JPEG image')) return 'damaged';
    if (text.includes('reading header')) return 'unnamed sampling';
    throw thrown;
  }
}

/** A `const char *` that C++ threw. */
function thrownText({ HEAPU8: { buffer } }: Codec, thrown: unknown): string {
  const memory = new DataView(buffer);
  if (typeof thrown !== 'number' || thrown + 4 > memory.byteLength) return '';
  const start = memory.getUint32(thrown, true);
  if (start + 64 > memory.byteLength) return '';
  return Buffer.from(buffer, start, 64).toString('latin1').split('\0', 1)[0] ?? '';
}

function startSession(): Session {
  const { factory, code } = load();
  const gaveUp = (): void => {
    session.gaveUp = true;
  };
  const glue: Glue & Partial<Codec> = {
    instantiateWasm(imports, receive) {
      watchErrors(imports, gaveUp);
      const instance = new WebAssembly.Instance(code, imports);
      receive(instance);
      return instance.exports;
    },
  };
  factory(glue);
  // The factory has filled it, for `instantiateWasm` gave the instance at once.
  const codec = glue as Codec;
  const session: Session = { codec, last: undefined, gaveUp: false };
  return session;
}

/** Emscripten's longjmp is an import: libjpeg calls it for errors, and not for warnings. */
function watchErrors(imports: Imports, gaveUp: () => void): void {
  for (const group of Object.values(imports)) {
    for (const [key, work] of Object.entries(group)) {
      if (work.name !== '__emscripten_throw_longjmp') continue;
      group[key] = (...values) => {
        gaveUp();
        return work(...values);
      };
      return;
    }
  }
  throw new Error(`${PACKAGE} does not import longjmp: its errors cannot be seen.`);
}

interface Loaded {
  readonly factory: (glue: Glue) => unknown;
  readonly code: object;
}

let loaded: Loaded | undefined;

/** Reads and compiles the library; once in a thread, when the first JPEG comes. */
function load(): Loaded {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const code = new WebAssembly.Module(readFileSync(require.resolve(`${PACKAGE}/decodewasm`)));
  // The package has no types; its module is the factory.
  const factory = require(`${PACKAGE}/decodewasmjs`) as Loaded['factory'];
  loaded = { factory, code };
  return loaded;
}
