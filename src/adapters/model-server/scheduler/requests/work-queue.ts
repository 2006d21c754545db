import { type Items, isSome, wanted } from './batch.ts';
import { type JobLine, leastServed } from './job-flow.ts';
import type { PendingRequest } from './pending-request.ts';
import type { WorkItem } from './work-item.ts';

/** What a batch may hold at most. */
export interface Room {
  readonly rows: number;
  readonly bytes: number;
}

/** Waiting items of one kind: they may share a batch. */
export interface Waiting {
  readonly kind: string;
  readonly rows: number;
  readonly bytes: number;
  /** The next item to be taken. */
  readonly first: WorkItem;
}

interface KindQueue {
  rows: number;
  bytes: number;
  readonly lines: Map<string, JobLine>;
}

/**
 * Items that wait, by kind and job. Serves the job that was served the fewest bytes, so that a huge image delays a
 * small one by no more than a batch: start-time fair queueing (Goyal, Vin, Cheng 1996) over jobs of all kinds. The
 * order of the items of a job is kept.
 */
export class WorkQueue {
  readonly #kinds = new Map<string, KindQueue>();
  readonly #parts: Items[] = [];
  /** The start tag of the item served last. A job that comes, or comes back, starts from here. */
  #virtualTime = 0;

  get rows(): number {
    let rows = 0;
    for (const kind of this.#kinds.values()) rows += kind.rows;
    return rows;
  }

  /** Adds items behind those of their job. */
  add(items: readonly WorkItem[]): void {
    for (const item of items) {
      this.#line(item).items.push(item);
      this.#count(item, 1);
    }
  }

  /** Puts items back where they were taken, in their order. */
  putBack(items: readonly WorkItem[]): void {
    for (const item of items.toReversed()) {
      this.#line(item).items.unshift(item);
      this.#count(item, 1);
    }
  }

  /** Adds items that are to travel by themselves, ahead of all others. */
  addPart(part: Items): void {
    this.#parts.push(part);
  }

  /** Takes what `addPart` has added, oldest first. */
  takePart(): Items | undefined {
    for (let part = this.#parts.shift(); part !== undefined; part = this.#parts.shift()) {
      const items = wanted(part);
      if (isSome(items)) return items;
    }
    return undefined;
  }

  /** What waits, the kind of the job that was served least first. */
  turns(): Waiting[] {
    const turns: { served: number; waiting: Waiting }[] = [];
    for (const [kind, { rows, bytes, lines }] of this.#kinds) {
      const line = leastServed(lines.values());
      const first = line?.items[0];
      if (line === undefined || first === undefined) continue;
      turns.push({ served: line.served, waiting: { kind, rows, bytes, first } });
    }
    return turns.sort((a, b) => a.served - b.served).map(({ waiting }) => waiting);
  }

  /** Takes items of a kind, one job after the other, until the batch is full: at least one if any waits. */
  take(kind: string, room: Room): Items | undefined {
    const queue = this.#kinds.get(kind);
    const taken: WorkItem[] = [];
    let { rows, bytes } = room;
    while (queue !== undefined) {
      const line = leastServed(queue.lines.values());
      const item = line?.items[0];
      if (line === undefined || item === undefined) break;
      if (taken.length > 0 && (item.rows > rows || item.bytes > bytes)) break;
      taken.push(item);
      rows -= item.rows;
      bytes -= item.bytes;
      this.#virtualTime = Math.max(this.#virtualTime, line.served);
      line.served += item.bytes;
      line.items.shift();
      if (line.items.length === 0) queue.lines.delete(line.job);
      this.#count(item, -1);
    }
    return isSome(taken) ? taken : undefined;
  }

  /** Removes the items of a request. */
  drop(request: PendingRequest): void {
    const kind = this.#kinds.get(request.kind);
    const line = kind?.lines.get(request.asked.job);
    if (kind === undefined || line === undefined) return;
    const kept = line.items.filter((item) => item.request !== request);
    const gone = line.items.filter((item) => item.request === request);
    line.items.splice(0, line.items.length, ...kept);
    if (kept.length === 0) kind.lines.delete(line.job);
    for (const item of gone) this.#count(item, -1);
  }

  #line({ request }: WorkItem): JobLine {
    const kind = this.#kinds.get(request.kind) ?? { rows: 0, bytes: 0, lines: new Map() };
    this.#kinds.set(request.kind, kind);
    const line = kind.lines.get(request.asked.job) ?? {
      job: request.asked.job,
      items: [],
      served: this.#virtualTime,
    };
    kind.lines.set(request.asked.job, line);
    return line;
  }

  #count({ request, rows, bytes }: WorkItem, sign: 1 | -1): void {
    const kind = this.#kinds.get(request.kind);
    if (kind === undefined) return;
    kind.rows += sign * rows;
    kind.bytes += sign * bytes;
    if (kind.lines.size === 0) this.#kinds.delete(request.kind);
  }
}
