import { KnownError, classify } from '../../errors.ts';
import { inOrder } from '../../flow/in-order.ts';
import type { Job } from '../../job/job.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import { type RawEntry, writeRawZip } from '../../formats/archive/write-raw-zip.ts';
import { formFields } from '../../formats/form-fields.ts';
import { type ChildResult, type CollectedResults, countsOf } from './collect-results.ts';
import { earlierResult, isStored, resultOf } from './find-stored.ts';
import { MergedNames } from './merged-names.ts';
import type { OpenedResult } from './open-result.ts';
import { copySoundMember, openSoundResult } from './open-sound-result.ts';

/** Results that are read ahead of the one that is copied. */
const AHEAD = 8;
/** What results take in memory, each three blocks and two pieces of them, and an upload. */
const BYTES = AHEAD * 8 * 2 ** 20 + 2 ** 24;

/**
 * Merges the results of children into one archive, in the order of the members, packed as they are. A result
 * that cannot be read to its end counts as failed, and none of it is copied. Once results have been removed by an
 * earlier run, its archive and what it said of it stand.
 *
 * @example
 * const join = pipeline(collectResults(), mergeResults, removeTemporary);
 */
export const mergeResults = defineStage({
  name: 'merge_results',
  concurrency: 2,
  needs: ['collected'],
  adds: ['output'],
  retry: 'unavailable',
  remote: 'bucket_write',
  footprint: () => BYTES,
  run: async ({ collected }: { collected: CollectedResults }, context) => {
    const { bucket, job, note, signal, warn } = context;
    const all = collected.results.length + collected.failures.length;
    const failures = new Map(collected.failures);
    const earlier = await earlierResult(context);
    if (earlier && isStored(job)) return { output: earlier };
    checkCount(all, job);
    const output = earlier ?? resultOf(context);
    if (!earlier) {
      const merged = writeRawZip(
        whileOurs(entriesOf(collected.results, failures, context), context),
      );
      await bucket.upload(output.fileName, merged, { contentType: 'application/zip', signal });
    }
    const { cells, totals } = collected;
    if (failures.size > 0 && failures.size === all) warn(nothing(failures));
    note({ ...totals, ...countsOf(all, failures.size), ...(cells !== undefined && { cells }) });
    note({ failures: formFields(failures) });
    return { output };
  },
});

/**
 * The entries, and an error at their end if the claim is lost: another consumer may have removed results
 * meanwhile, and what would be stored lacks them.
 */
async function* whileOurs(
  entries: AsyncIterable<RawEntry>,
  { flush }: StageContext,
): AsyncGenerator<RawEntry> {
  yield* entries;
  await flush({});
}

/** Throws if Redis has lost what became of some children, by an eviction for example. */
function checkCount(count: number, { fields }: Job): void {
  const total = Number(fields['children:total'] ?? 0);
  if (count === total || total === 0) return;
  const message =
    count < total
      ? `Redis has lost what became of ${total - count} of the ${total} parts of the job. Submit it again.`
      : `The job has ${count} parts, but its archive ${total}: it was replaced meanwhile. Submit it again.`;
  throw new KnownError('child_failed', message);
}

/** A job is done even if all of its children failed: its archive is empty then. */
function nothing(failures: ReadonlyMap<string, string>): string {
  const [reason = ''] = failures.values();
  return (
    `None of the ${failures.size} images has a result: the archive is empty. The first: ${reason} ` +
    'The field failures has the reason of each.'
  );
}

interface Opened {
  readonly result: ChildResult;
  readonly opened: OpenedResult | KnownError;
}

async function* entriesOf(
  results: readonly ChildResult[],
  failures: Map<string, string>,
  context: StageContext,
): AsyncGenerator<RawEntry> {
  const merged = new MergedNames();
  for await (const { result, opened } of inOrder(results, AHEAD, (one, unwanted) =>
    open(one, context, unwanted),
  )) {
    if (!('members' in opened)) {
      failures.set(result.key, `Its result cannot be read: ${opened.message}`);
      continue;
    }
    const { source, members } = opened;
    const names = merged.of(
      members.map(({ name }) => name),
      result.originalName,
    );
    for (const [index, member] of members.entries()) {
      const packed = copySoundMember(source, member);
      yield { ...member, name: names[index] ?? member.name, packed };
    }
  }
}

/** The result, or why it cannot be read. */
async function open(
  result: ChildResult,
  context: StageContext,
  unwanted: AbortSignal,
): Promise<Opened> {
  try {
    return { result, opened: await openSoundResult(result.fileName, context, unwanted) };
  } catch (thrown) {
    const error = classify(thrown);
    if (error.kind !== 'bad_input') throw error;
    return { result, opened: error };
  }
}
