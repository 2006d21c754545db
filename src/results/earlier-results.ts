import { readManifest } from './results-folder.ts';

/**
 * What there is to say of results of an earlier run that lie in the folder of a batch and that this
 * run will not replace: they stay, and are not listed. `folders` are those of this run.
 */
export async function earlierResults(
  output: string,
  folders: ReadonlySet<string>,
): Promise<string[]> {
  const earlier = (await readManifest(output))?.files ?? [];
  const kept = earlier.filter(({ folder }) => folder !== '' && !folders.has(folder));
  if (kept.length === 0) return [];
  const what = kept.length === 1 ? 'results of one file' : `results of ${kept.length} files`;
  return [`The folder also holds ${what} of an earlier run; they are not listed here.`];
}
