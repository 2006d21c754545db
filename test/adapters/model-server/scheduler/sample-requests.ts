import { OutputMemory } from '../../../../src/adapters/model-server/scheduler/requests/output-memory.ts';
import {
  PendingRequest,
  type RequestForm,
  splitRows,
  type WorkItem,
} from '../../../../src/adapters/model-server/scheduler/requests/pending-request.ts';
import type { PredictRequest } from '../../../../src/ports.ts';

interface Sample {
  readonly rows: number;
  readonly job?: string;
  readonly queue?: string;
  readonly model?: string;
  /** Elements of a row; each holds the number of its row. */
  readonly width?: number;
  readonly splittable?: boolean;
  readonly signal?: AbortSignal;
}

/** A request for a model with one input, `[row, width]`. */
export function sampleRequest(sample: Sample): PredictRequest {
  const { rows, job = 'job', queue = 'predict', model = 'model' } = sample;
  const { width = 2, splittable = true } = sample;
  const data = Float32Array.from({ length: rows * width }, (_, index) => Math.floor(index / width));
  return {
    model: { name: model, version: 1 },
    inputs: { image: { shape: [rows, width], data } },
    job,
    queue,
    splittable,
    signal: sample.signal ?? new AbortController().signal,
  };
}

/** How rows of such requests travel. */
export function sampleForm(rowsAtMost = 32): RequestForm {
  return { rowsAtMost, types: new Map() };
}

/** The items of such a request, which nobody waits for. */
export function sampleItems(sample: Sample): WorkItem[] {
  const memory = new OutputMemory({ keptBytes: 0 });
  const pending = new PendingRequest(sampleRequest(sample), sampleForm(64), memory);
  pending.result.catch(() => undefined);
  return splitRows(pending, 0);
}
