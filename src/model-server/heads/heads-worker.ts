import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { PlaneSize } from '../../imaging/plane.ts';
import { heads, type HeadsName, type HeadsOfRow } from './heads.ts';

/** One row of a batch for one model. */
export interface HeadsTask {
  readonly heads: HeadsName;
  readonly row: Float32Array;
  readonly size: PlaneSize;
}

/** Runs on a worker thread. The memory of the outputs is handed over, not copied. */
export default function computeHeads({ heads: name, row, size }: HeadsTask): unknown {
  const outputs: HeadsOfRow = heads[name](row, size);
  const memory = [...new Set(outputs.map(({ buffer }) => buffer))];
  return move({ [valueSymbol]: outputs, [transferableSymbol]: memory });
}
