import type { ArchivePlan } from './archives.ts';
import { Pair } from './pair.ts';
import type { Row } from './row.ts';

/** With more members it takes too long to run an archive once before it is measured. */
const MOST_WARMED = 1000;

/** A zip job on a pair of consumers of its own, which have done it once before unless it is large. */
export async function measureArchive(what: string, plan: ArchivePlan): Promise<Row> {
  const pair = await Pair.open();
  try {
    await pair.upload(plan);
    if (plan.members < MOST_WARMED) await pair.run(plan);
    return { what, ...(await pair.run(plan)) };
  } finally {
    await pair.close();
  }
}
