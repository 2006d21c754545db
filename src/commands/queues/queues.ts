import { type LiveConsumer, RedisQueues } from '../../adapters/redis/redis-queues.ts';
import { asJson } from '../command-line/json.ts';
import { table } from '../command-line/table.ts';
import { withRedis } from '../with-redis.ts';

/** A queue at a glance. */
interface QueueRow {
  readonly queue: string;
  readonly waiting: number;
  readonly inHand: number;
  /** Those that have announced themselves. */
  readonly consumers: readonly LiveConsumer[];
}

/** Shows every queue that holds a job or is served: how many jobs wait, how many are in work, and who serves it. */
export function queues({ json }: { readonly json: boolean }): Promise<number> {
  return withRedis(async (link) => {
    const rows = await rowsOf(new RedisQueues(link));
    process.stdout.write(json ? asJson(rows) : rendered(rows));
    return 0;
  });
}

async function rowsOf(views: RedisQueues): Promise<QueueRow[]> {
  const contents = await views.contents();
  const lists = contents.filter(({ waiting, processing }) => waiting > 0 || processing.length > 0);
  const names = new Set([...lists.map(({ queue }) => queue), ...(await views.served())]);
  return Promise.all(
    [...names].toSorted().map(async (queue) => {
      const found = lists.find((one) => one.queue === queue);
      return {
        queue,
        waiting: found?.waiting ?? 0,
        inHand: found?.processing.reduce((sum, { jobs }) => sum + jobs, 0) ?? 0,
        consumers: await views.consumers(queue),
      };
    }),
  );
}

function rendered(rows: readonly QueueRow[]): string {
  if (rows.length === 0) return 'No queue holds a job, and no consumer has announced itself.\n';
  const lines = rows.map(({ queue, waiting, inHand, consumers }) => [
    queue,
    String(waiting),
    String(inHand),
    consumers.map(({ host }) => host).join(', ') || 'none has announced itself',
  ]);
  return `${table(['QUEUE', 'WAITING', 'IN HAND', 'CONSUMERS'], lines)}\n`;
}
