import { nearMisses } from '../../config/near-misses.ts';
import { KnownError } from '../../errors.ts';
import type { Workflow } from '../../flow/workflow.ts';

interface Queue {
  /** Without `-zip`. */
  readonly name: string;
  /** Its lists that get jobs: itself, with `-zip`, or both. */
  readonly lists: readonly string[];
  /** How many consumers have announced themselves for a list. */
  readonly consumersOf: (list: string) => Promise<number>;
}

/**
 * What there is to say about lists that nobody takes jobs from, as far as Redis tells: consumers of the
 * original do not announce themselves. `bad_usage` for a name that was probably meant to be another.
 */
export async function checkQueue(
  { name, lists, consumersOf }: Queue,
  workflows: readonly Workflow[],
  force: boolean,
): Promise<string[]> {
  const counted = await Promise.all(
    lists.map(async (list) => ({ list, count: await consumersOf(list) })),
  );
  const idle = counted.filter(({ count }) => count === 0).map(({ list }) => list);
  if (idle.length === lists.length && !force) refuseMisspelt(name, workflows);
  return idle.map(
    (list) =>
      `No consumer has announced itself for the queue "${list}": its jobs wait until one takes them.`,
  );
}

function refuseMisspelt(name: string, workflows: readonly Workflow[]): void {
  const known = workflows.flatMap((one) => [one.name, ...(one.aliases ?? [])]);
  const [miss] = known.includes(name) ? [] : nearMisses([name], known);
  if (miss === undefined) return;
  throw new KnownError(
    'bad_usage',
    `No consumer takes jobs of the queue "${name}". Did you mean ${miss.meant}? --force submits them all the same.`,
  );
}
