import type { ModelName } from '../../../../ports.ts';
import type { BatchCall, BatchReply, BatchTensor } from '../../endpoint.ts';
import type { PendingRequest, WorkItem } from './pending-request.ts';

/** At least one item, all with the same batch key. */
export type Items = readonly [WorkItem, ...WorkItem[]];

/** Items that travel in one call. */
export interface Batch {
  readonly items: Items;
  readonly rows: number;
  readonly bytes: number;
  readonly batchKey: string;
  readonly model: ModelName;
  /** `NuclearSegmentation:6`. */
  readonly modelId: string;
}

/** The batch of these items, those of one request side by side: their rows are neighbours then. */
export function batchOf(items: Items): Batch {
  const { batchKey, model, asked } = items[0].request;
  const byRequest = [...Map.groupBy(items, ({ request }) => request).values()].flat();
  return {
    items: isSome(byRequest) ? byRequest : items,
    rows: items.reduce((sum, item) => sum + item.rows, 0),
    bytes: items.reduce((sum, item) => sum + item.bytes, 0),
    batchKey,
    model: asked.model,
    modelId: model,
  };
}

/** True if there is at least one. */
export function isSome(items: readonly WorkItem[]): items is Items {
  return items.length > 0;
}

/** The items whose requests still wait for them. */
export function unsettled(items: readonly WorkItem[]): WorkItem[] {
  return items.filter(({ request }) => !request.settled);
}

/** The call that carries a batch. Its tensors are views on those of the requests, not copies. */
export function batchCall(
  { items, rows, model }: Batch,
  { deadlineMs, signal }: Pick<BatchCall, 'deadlineMs' | 'signal'>,
): BatchCall {
  const { asked, form } = items[0].request;
  const { inputs, outputs } = asked;
  const runs = runsOf(items);
  const tensors = Object.entries(inputs).map(([name, { shape }]): BatchTensor => ({
    name,
    type: form.types.get(name) ?? 'float32',
    shape: [rows, ...shape.slice(1)],
    parts: runs.map((run) => rowsOf(run, name)),
  }));
  return { model, inputs: tensors, ...(outputs && { outputs }), deadlineMs, signal };
}

/** Hands each request its rows of a reply. */
export function deliver({ items, rows }: Batch, { outputs }: BatchReply): void {
  let from = 0;
  for (const { request, firstRow, rows: count } of items) {
    request.deliver(outputs, { of: rows, from, to: firstRow, rows: count });
    from += count;
  }
}

/** Neighbouring rows of one request. */
interface Run {
  readonly request: PendingRequest;
  readonly firstRow: number;
  rows: number;
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
    throw new RangeError(`a request with the batch key ${request.batchKey} lacks ${input}`);
  const length = data.length / request.rows;
  return data.subarray(firstRow * length, (firstRow + rows) * length);
}
