import type { BatchCall, BatchTensor } from '../../endpoint.ts';
import type { Batch, Items } from './batch.ts';
import type { PendingRequest } from './pending-request.ts';

/** Neighbouring rows of one request. */
interface Run {
  readonly request: PendingRequest;
  readonly firstRow: number;
  rows: number;
}

/** The call that carries a batch. Its tensors are views on those of the requests, not copies. */
export function batchCall(
  { items, rows, model }: Batch,
  { deadlineMs, signal }: Pick<BatchCall, 'deadlineMs' | 'signal'>,
): BatchCall {
  const { inputs, outputs } = items[0].request.asked;
  const runs = runsOf(items);
  const tensors = Object.entries(inputs).map(([name, { shape }]): BatchTensor => ({
    name,
    shape: [rows, ...shape.slice(1)],
    parts: runs.map((run) => rowsOf(run, name)),
  }));
  return { model, inputs: tensors, ...(outputs && { outputs }), deadlineMs, signal };
}

function runsOf(items: Items): Run[] {
  const runs: Run[] = [];
  for (const { request, firstRow, rows } of items) {
    const last = runs.at(-1);
    if (last?.request === request && last.firstRow + last.rows === firstRow) last.rows += rows;
    else runs.push({ request, firstRow, rows });
  }
  return runs;
}

function rowsOf({ request, firstRow, rows }: Run, input: string): Float32Array {
  const data = request.asked.inputs[input]?.data;
  if (data === undefined)
    throw new RangeError(`a request of kind ${request.kind} without ${input}`);
  const length = data.length / request.rows;
  return data.subarray(firstRow * length, (firstRow + rows) * length);
}
