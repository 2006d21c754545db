import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readNpy } from '../../src/formats/npy/npy.ts';
import type { NdArray, Numbers } from '../../src/imaging/array.ts';

/** An array of a manifest: where it is, and what it is to be converted to. */
interface ArrayEntry {
  readonly file: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

interface ManifestCase {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, ArrayEntry>>;
  readonly outputs?: Readonly<Record<string, ArrayEntry>>;
  readonly expect_error?: string;
  readonly notes?: string;
  readonly [extra: string]: unknown;
}

type Entries = Readonly<Record<string, ArrayEntry>>;

/** One case computed by the reference. */
export interface GoldenCase {
  readonly group: string;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly input: (name: string) => NdArray;
  readonly inputNames: readonly string[];
  readonly output: (name: string) => NdArray;
  readonly outputNames: readonly string[];
  /** What the reference says instead of giving a result, without the name of its exception. */
  readonly expectError: string | undefined;
  /** Other members of the case: `requests`, `lineage`, `tolerance`, … */
  readonly extra: Readonly<Record<string, unknown>>;
}

const OWN = fileURLToPath(new URL('data/', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/goldens/', import.meta.url));

/** The folder that GOLDENS names; else the reference's whole set where it is, else the subset kept here. */
export const GOLDENS = named(process.env['GOLDENS']) ?? (existsSync(SHARED) ? SHARED : OWN);

const TYPES: Readonly<Record<string, (values: ArrayLike<number>) => Numbers>> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
  int64: (values) => Float64Array.from(values),
  int32: (values) => Int32Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  bool: (values) => Uint8Array.from(values),
};

/** The cases of a group; none if the folder does not have it. */
export function goldenCases(group: string): GoldenCase[] {
  const folder = `${GOLDENS}/${group}`;
  if (!existsSync(`${folder}/manifest.json`)) return [];
  // The manifests are data of the reference.
  const { cases } = JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')) as {
    readonly cases: readonly ManifestCase[];
  };
  return cases.map((one) => goldenCase(group, one, cases));
}

/** A folder that is not there must not look like one whose cases all pass. */
function named(folder: string | undefined): string | undefined {
  if (folder === undefined || existsSync(folder)) return folder;
  throw new Error(`GOLDENS names the folder "${folder}", which does not exist.`);
}

/** The groups that the folder has. */
export function goldenGroups(): string[] {
  return readdirSync(GOLDENS).filter((group) => existsSync(`${GOLDENS}/${group}/manifest.json`));
}

function goldenCase(group: string, one: ManifestCase, all: readonly ManifestCase[]): GoldenCase {
  const { name, params, outputs = {}, expect_error: error, ...extra } = one;
  const inputs = inputsOf(one, all);
  return {
    group,
    name,
    params,
    extra,
    expectError: error?.replace(/^\w+: /, ''),
    inputNames: Object.keys(inputs),
    outputNames: Object.keys(outputs),
    input: (array) => load(group, name, array, inputs),
    output: (array) => load(group, name, array, outputs),
  };
}

function load(group: string, name: string, array: string, entries: Entries): NdArray {
  const entry = entries[array];
  if (entry === undefined) throw new Error(`${group}/${name} has no array ${array}.`);
  const { data } = readNpy(new Uint8Array(readFileSync(`${GOLDENS}/${group}/${entry.file}`)));
  const convert = TYPES[entry.dtype];
  if (convert === undefined) throw new Error(`${group}/${name}: unknown type ${entry.dtype}.`);
  return { shape: entry.shape, data: convert(data) };
}

/** A case without (some) inputs of its own borrows them: its note names a file or another case, or says which kind of case. */
function inputsOf(one: ManifestCase, all: readonly ManifestCase[]): Entries {
  const own = one.inputs ?? {};
  const files = filesNamed(one, all);
  if (files.length > 0) return { ...Object.fromEntries(files), ...own };
  if (Object.keys(own).length > 0 || one.expect_error !== undefined) return own;
  const lenders = all.filter(({ inputs }) => Object.keys(inputs ?? {}).length > 0);
  const above = lenders.filter((other) => all.indexOf(other) < all.indexOf(one));
  const words = (one.notes ?? '').split(/[\s,;]+/);
  const lender =
    lenders.find(({ name }) => words.includes(name)) ??
    lenders.find((other) => kind(other) === kind(one)) ??
    above.at(-1);
  return lender?.inputs ?? {};
}

/** The arrays whose files a note names, as in `maxima = first.in.maxima.npy`. */
function filesNamed(
  { notes = '' }: ManifestCase,
  all: readonly ManifestCase[],
): [string, ArrayEntry][] {
  const entries = all.flatMap(({ inputs = {} }) => Object.entries(inputs));
  return [...notes.matchAll(/\w+ = ([^\s,;]+\.npy)/g)].flatMap(([, file]) => {
    const found = entries.find(([, entry]) => entry.file === file);
    return found ? [found] : [];
  });
}

/** What two cases have in common if one may borrow the other's input: their parameters but for the size, and their channels. */
function kind({ params, outputs = {} }: ManifestCase): string {
  const channels = Object.values(outputs).map(({ shape }) => [shape.length, shape.at(-1)]);
  return JSON.stringify([{ ...params, shape: undefined }, channels]);
}
