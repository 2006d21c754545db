import { classify } from '../../errors.ts';
import { splitName } from '../../formats/split-name.ts';
import type { Bucket } from '../../ports.ts';

interface Names {
  readonly bucket: Pick<Bucket, 'keyOf'>;
  readonly resultId: string;
  /** Of all members, by place. */
  readonly names: readonly string[];
}

/**
 * The keys under which copies of members are put, by place: `output/<id>/<name>`, or
 * `output/<id>-<place>.<extension>` where a store may not take the name. No two are the same if no two names
 * are.
 */
export function memberKeys({ bucket, resultId, names }: Names): string[] {
  const isFolder = folderTest(names);
  return names.map((name, place) => {
    const key = `output/${resultId}/${name}`;
    if (isUsableKey(key, bucket) && !isFolder(name)) return key;
    return `output/${resultId}-${place}${/^\.\w{1,16}$/.exec(splitName(name)[1])?.[0] ?? ''}`;
  });
}

/** The limit of file systems, on which some stores keep objects under their names. */
const LONGEST_STEP = 255;

/** Listings of stores are XML, which has no control characters. */
const UNLISTED = /[\p{Cc}\ufffe\uffff]/u;

/** Whether every store takes a key, and lists it. */
export function isUsableKey(key: string, bucket: Pick<Bucket, 'keyOf'>): boolean {
  if (UNLISTED.test(key)) return false;
  if (key.split('/').some((step) => Buffer.byteLength(step) > LONGEST_STEP)) return false;
  try {
    return bucket.keyOf(key) === key;
  } catch (thrown) {
    if (classify(thrown).code === 'forbidden_object') return false;
    throw thrown;
  }
}

/** Whether a file has the name of a folder that others are in: an archive can have both, a folder cannot. */
function folderTest(names: readonly string[]): (name: string) => boolean {
  const sorted = names.toSorted(byCodeUnits);
  return (name) => {
    const within = `${name}/`;
    return sorted[placeIn(sorted, within)]?.startsWith(within) ?? false;
  };
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Where the first value stands that is not less. */
function placeIn(sorted: readonly string[], value: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
