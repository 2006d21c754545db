import type { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import type { QueueContents } from '../../adapters/redis/redis-queues.ts';
import { isFinished } from '../../job/job.ts';
import type { JobFields } from '../../ports.ts';

/** What `status` tells of a queue. */
export interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly consumers: readonly { readonly name: string; readonly jobs: number }[];
  /** Consumers that have announced themselves; those of the original do not. */
  readonly announced: number;
  /** The job that was submitted first of those that have not ended. */
  readonly oldest: { readonly key: string; readonly createdAt: string } | null;
  /** Jobs that wait for their children; null if none does. */
  readonly parked: {
    readonly jobs: number;
    readonly openChildren: number;
    readonly oldest: { readonly key: string; readonly createdAt: string } | null;
  } | null;
  /** Failed jobs that Redis still knows, by code, most frequent first. */
  readonly failed: readonly { readonly code: string; readonly jobs: number }[];
}

const FIELDS = [
  'status',
  'created_at',
  'error_code',
  'parked',
  'children:total',
  'children:done',
  'children:failed',
];
/** Jobs asked for in one exchange. */
const BATCH = 1000;
/** Jobs that failed in a consumer that writes no codes. */
const NO_CODE = 'unknown';

/** The state of a queue; undefined if what lies in Redis is no queue, such as the cached metadata of a model. */
export async function queueState(
  { queue, waiting, processing, keys }: QueueContents,
  jobs: RedisJobClient,
  announced: number,
): Promise<QueueState | undefined> {
  const all: Read[] = [];
  for (let start = 0; start < keys.length; start += BATCH) {
    const some = keys.slice(start, start + BATCH);
    const fields = await jobs.readFields(some, FIELDS);
    all.push(...some.map((key, index) => ({ key, fields: fields[index] ?? {} })));
  }
  const known = all.filter(({ fields }) => fields['status'] !== undefined);
  if (waiting === 0 && processing.length === 0 && known.length === 0) return undefined;
  return {
    queue,
    waiting,
    consumers: processing.map(({ consumer, jobs: held }) => ({ name: consumer, jobs: held })),
    announced,
    oldest: oldestOf(known),
    parked: parkedOf(known),
    failed: failuresOf(known),
  };
}

/** A queue of which Redis knows nothing. */
export function emptyQueue(queue: string, announced: number): QueueState {
  return { queue, waiting: 0, consumers: [], announced, oldest: null, parked: null, failed: [] };
}

interface Read {
  readonly key: string;
  readonly fields: JobFields;
}

function oldestOf(all: readonly Read[]): QueueState['oldest'] {
  const open = all.flatMap(({ key, fields }) => {
    const createdAt = fields['created_at'] ?? '';
    return isFinished(fields) || Number.isNaN(Date.parse(createdAt)) ? [] : [{ key, createdAt }];
  });
  return (
    open.toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))[0] ??
    null
  );
}

function parkedOf(all: readonly Read[]): QueueState['parked'] {
  const parked = all.filter(({ fields }) => fields['parked'] !== undefined);
  if (parked.length === 0) return null;
  const open = parked.reduce((sum, { fields }) => sum + openChildrenOf(fields), 0);
  return { jobs: parked.length, openChildren: open, oldest: oldestOf(parked) };
}

function openChildrenOf(fields: JobFields): number {
  const [total, done, failed] = ['total', 'done', 'failed'].map((name) =>
    Number(fields[`children:${name}`] ?? 0),
  );
  return (total ?? 0) - (done ?? 0) - (failed ?? 0);
}

function failuresOf(all: readonly Read[]): QueueState['failed'] {
  const failed = all.filter(({ fields }) => fields['status'] === 'failed');
  const codes = Map.groupBy(failed, ({ fields }) => fields['error_code'] ?? NO_CODE);
  return [...codes]
    .map(([code, some]) => ({ code, jobs: some.length }))
    .toSorted((one, other) => other.jobs - one.jobs || one.code.localeCompare(other.code));
}
