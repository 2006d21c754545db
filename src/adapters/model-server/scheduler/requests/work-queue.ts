import { type Items, isSome, unsettled } from './batch.ts';
import type { PendingRequest, WorkItem } from './pending-request.ts';

/** Maximum contents of a batch. */
export interface Room {
  readonly rows: number;
  readonly bytes: number;
}

/** Waiting items with the same batch key. */
export interface Waiting {
  readonly batchKey: string;
  readonly rows: number;
  readonly bytes: number;
  /** The next item to be taken. */
  readonly first: WorkItem;
}

/** The jobs of one queue: a flow of start-time fair queueing, whose items are shared out among its jobs likewise. */
interface Lane {
  /** Of two that were served equally the lesser has the turn. */
  readonly place: number;
  /** Items that wait. */
  items: number;
  /** Bytes served, on the scale of the virtual time of all lanes. */
  startTag: number;
  /** The start tag of the job of the lane that was served last. A job that comes, or comes back, starts from here. */
  virtualTime: number;
}

/** The waiting items of one job with one batch key, in order: a flow within its lane. */
interface JobFlow {
  readonly job: string;
  readonly lane: Lane;
  readonly items: WorkItem[];
  /** Bytes served, on the scale of the virtual time of its lane. */
  startTag: number;
}

interface KeyQueue {
  rows: number;
  bytes: number;
  readonly flows: Map<string, JobFlow>;
}

/**
 * Items that wait, by batch key and job. Serves the queue that was served the fewest bytes, and of that the job that
 * was: a huge image delays a small one by no more than a batch, and a flood on one queue a job of another.
 * Hierarchical start-time fair queueing (Goyal, Vin, Cheng 1996) over the jobs of all batch keys. The order of the
 * items of a job is kept.
 */
export class WorkQueue {
  readonly #keys = new Map<string, KeyQueue>();
  /** Batches that must not be mixed with other rows. */
  readonly #separate: Items[] = [];
  /** By the name of the queue; as many as a process serves. */
  readonly #lanes = new Map<string, Lane>();
  /** The start tag of the lane served last. A lane that comes, or comes back, starts from here at the earliest. */
  #virtualTime = 0;

  get rows(): number {
    let rows = 0;
    for (const queue of this.#keys.values()) rows += queue.rows;
    return rows;
  }

  /** Adds items behind those of their job. */
  add(items: readonly WorkItem[]): void {
    for (const item of items) {
      this.#flow(item).items.push(item);
      this.#count(item, 1);
    }
  }

  /** Puts items back where they were taken, in their order; those to be sent alone go ahead of all others. */
  putBack(items: readonly WorkItem[]): void {
    const alone = items.filter((item) => item.alone);
    for (const own of Map.groupBy(alone, ({ request }) => request).values())
      if (isSome(own)) this.addSeparate(own);
    for (const item of items.toReversed()) {
      if (item.alone) continue;
      this.#flow(item).items.unshift(item);
      this.#count(item, 1);
    }
  }

  /** Adds items to be sent by themselves and ahead of all others: half of a refused batch, for example. */
  addSeparate(items: Items): void {
    this.#separate.push(items);
  }

  /** Takes the oldest of what `addSeparate` has added for which there is a server. */
  takeSeparate<Server>(
    serverFor: (first: WorkItem) => Server | undefined,
  ): { readonly items: Items; readonly server: Server } | undefined {
    for (let at = 0; at < this.#separate.length; at++) {
      const items = unsettled(this.#separate[at] ?? []);
      const server = isSome(items) ? serverFor(items[0]) : undefined;
      if (isSome(items) && server === undefined) continue;
      this.#separate.splice(at--, 1);
      if (isSome(items) && server !== undefined) return { items, server };
    }
    return undefined;
  }

  /** What waits, the batch key of the job that was served least first. */
  turns(): Waiting[] {
    const turns: { flow: JobFlow; waiting: Waiting }[] = [];
    for (const [batchKey, { rows, bytes, flows }] of this.#keys) {
      const flow = leastServed(flows.values());
      const first = flow?.items[0];
      if (flow === undefined || first === undefined) continue;
      turns.push({ flow, waiting: { batchKey, rows, bytes, first } });
    }
    return turns.sort((a, b) => byService(a.flow, b.flow)).map(({ waiting }) => waiting);
  }

  /** Takes items with a batch key, one job after the other, until the batch is full: at least one if any waits. */
  take(batchKey: string, room: Room): Items | undefined {
    const queue = this.#keys.get(batchKey);
    const taken: WorkItem[] = [];
    let { rows, bytes } = room;
    while (queue !== undefined) {
      const flow = leastServed(queue.flows.values());
      const item = flow?.items[0];
      if (flow === undefined || item === undefined) break;
      if (taken.length > 0 && (item.rows > rows || item.bytes > bytes)) break;
      taken.push(item);
      rows -= item.rows;
      bytes -= item.bytes;
      const { lane } = flow;
      this.#virtualTime = Math.max(this.#virtualTime, lane.startTag);
      lane.startTag += item.bytes;
      lane.virtualTime = Math.max(lane.virtualTime, flow.startTag);
      flow.startTag += item.bytes;
      flow.items.shift();
      if (flow.items.length === 0) queue.flows.delete(flow.job);
      this.#count(item, -1);
    }
    return isSome(taken) ? taken : undefined;
  }

  /** Removes the items of a request. */
  drop(request: PendingRequest): void {
    const queue = this.#keys.get(request.batchKey);
    const flow = queue?.flows.get(request.asked.job);
    if (queue === undefined || flow === undefined) return;
    const kept = flow.items.filter((item) => item.request !== request);
    const gone = flow.items.filter((item) => item.request === request);
    flow.items.splice(0, flow.items.length, ...kept);
    if (kept.length === 0) queue.flows.delete(flow.job);
    for (const item of gone) this.#count(item, -1);
  }

  #flow({ request }: WorkItem): JobFlow {
    const queue = this.#keys.get(request.batchKey) ?? { rows: 0, bytes: 0, flows: new Map() };
    this.#keys.set(request.batchKey, queue);
    const { job } = request.asked;
    const lane = this.#lane(request);
    const flow = queue.flows.get(job) ?? { job, lane, items: [], startTag: lane.virtualTime };
    queue.flows.set(job, flow);
    return flow;
  }

  #lane({ asked }: PendingRequest): Lane {
    const lane = this.#lanes.get(asked.queue) ?? {
      place: this.#lanes.size,
      items: 0,
      startTag: 0,
      virtualTime: 0,
    };
    this.#lanes.set(asked.queue, lane);
    return lane;
  }

  #count({ request, rows, bytes }: WorkItem, sign: 1 | -1): void {
    const queue = this.#keys.get(request.batchKey);
    if (queue === undefined) return;
    const lane = this.#lane(request);
    if (lane.items === 0) lane.startTag = Math.max(lane.startTag, this.#virtualTime);
    lane.items += sign;
    queue.rows += sign * rows;
    queue.bytes += sign * bytes;
    if (queue.flows.size === 0) this.#keys.delete(request.batchKey);
  }
}

/** The flow that was served least; ties go to the one that came first. */
function leastServed(flows: Iterable<JobFlow>): JobFlow | undefined {
  let least: JobFlow | undefined;
  for (const flow of flows) if (least === undefined || byService(flow, least) < 0) least = flow;
  return least;
}

/** Less than 0 if the first has the turn before the other. */
function byService(one: JobFlow, other: JobFlow): number {
  return (
    one.lane.startTag - other.lane.startTag ||
    one.lane.place - other.lane.place ||
    one.startTag - other.startTag
  );
}
