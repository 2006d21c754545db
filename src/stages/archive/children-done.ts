import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';

/**
 * Keys of the results of all children, by place, for jobs that need every one of them. Throws
 * `child_failed` with the reason of the first that failed; `words` says which child a place means.
 */
export async function childrenDone(
  { family, job }: StageContext,
  words: (place: number) => string,
): Promise<string[]> {
  const results: string[] = [];
  for await (const { outcome, place, fields } of family.children(['reason', 'output_file_name'])) {
    const fileName = fields['output_file_name'];
    if (outcome !== 'done' || fileName === undefined) {
      const reason = fields['reason'] ?? 'it has expired or was deleted.';
      throw new KnownError('child_failed', `${words(place)} failed: ${reason}`);
    }
    results[place] = fileName;
  }
  const total = Number(job.fields['children:total'] ?? 0);
  // Places without a result are holes.
  const found = Object.keys(results).length;
  if (found === total) return results;
  throw new KnownError('child_failed', `Only ${found} of ${total} parts have a result.`);
}
