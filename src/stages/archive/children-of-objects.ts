import type { ChildSpec } from '../../flow/family.ts';
import { inOrder } from '../../flow/in-order.ts';
import type { StageContext } from '../../flow/stage.ts';

interface Making<Piece> {
  /** What the children are made of, in order. */
  readonly pieces: Iterable<Piece>;
  /** The key under which the object of a piece is put. */
  readonly keyOf: (piece: Piece) => string;
  /** Objects that are made at a time, at most as many as are noted at a time. */
  readonly uploads: number;
  /** Makes the object. */
  readonly make: (piece: Piece, signal: AbortSignal) => Promise<ChildSpec>;
}

/** Keys that are noted at a time: one call of Redis for many objects. */
const NOTED = 100;

/**
 * Children that have an object each. Every key is noted before there is an object of it, so that none is left
 * behind, wherever the job ends: without its children, in the middle of its split, or deleted.
 */
export async function* childrenOfObjects<Piece>(
  { pieces, keyOf, uploads, make }: Making<Piece>,
  { family }: Pick<StageContext, 'family'>,
): AsyncGenerator<ChildSpec> {
  const inWork = new Set<Promise<unknown>>();
  let [before, latest]: readonly (readonly string[])[] = [[], []];
  async function* noted(): AsyncGenerator<Piece> {
    for (const some of batches(pieces)) {
      [before, latest] = [latest, some.map(keyOf)];
      await family.noteObjects(latest ?? []);
      yield* some;
    }
  }
  const made = (piece: Piece, signal: AbortSignal): Promise<ChildSpec> => {
    const child = make(piece, signal);
    inWork.add(child);
    const forget = (): void => void inWork.delete(child);
    child.then(forget, forget);
    return child;
  };
  try {
    yield* inOrder(noted(), uploads, made);
  } finally {
    await Promise.allSettled(inWork);
    // What was under way when the job was deleted may have come after its other objects were removed.
    await family.dropObjects([...(before ?? []), ...(latest ?? [])]).catch(() => undefined);
  }
}

function* batches<Piece>(pieces: Iterable<Piece>): Generator<readonly Piece[]> {
  let some: Piece[] = [];
  for (const piece of pieces) {
    some.push(piece);
    if (some.length < NOTED) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
