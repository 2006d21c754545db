import { KnownError } from '../errors.ts';
import { csvLine } from '../formats/csv.ts';
import { type ResultRecord, recordOf } from './record.ts';

/** A batch as `manifest.json` holds it. */
export interface Manifest {
  readonly queue: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly files: readonly ResultRecord[];
}

/** The columns of `manifest.csv`: which file lies where, and what became of it. */
const COLUMNS = [
  'file',
  'folder',
  'status',
  'cells',
  'key',
  'warnings',
  'input',
  'code',
  'reason',
  'remedy',
  'renamed',
] as const;

export function* manifestCsv(records: readonly ResultRecord[]): Generator<string> {
  yield `${csvLine(COLUMNS)}\r\n`;
  for (const record of records) {
    const { cells, warnings } = record;
    const renamed = Object.entries(record.renamed).map(([here, name]) => `${here} is ${name}.`);
    const words = { warnings: warnings.join(' '), renamed: renamed.join(' ') };
    const row = { ...record, ...words, cells: cells ?? '' };
    yield `${csvLine(COLUMNS.map((column) => row[column]))}\r\n`;
  }
}

/** Line by line: a batch may have many files. */
export function* manifestJson({ queue, writtenAt, files }: Manifest): Generator<string> {
  yield `{\n"queue": ${JSON.stringify(queue)},\n"writtenAt": ${JSON.stringify(writtenAt)},\n"files": [`;
  for (const [at, record] of files.entries()) {
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(record)}`;
  }
  yield '\n]\n}\n';
}

/** Reads `manifest.json`; `bad_usage` if it is none. What other versions left out is empty. */
export function parseManifest(json: string, path: string): Manifest {
  const found = parsed(json);
  const files: unknown = Reflect.get(found, 'files');
  if (!Array.isArray(files)) {
    const message = `"${path}" is no manifest.json that submit, local or fetch has written.`;
    throw new KnownError('bad_usage', message);
  }
  return {
    queue: String(Reflect.get(found, 'queue') ?? ''),
    writtenAt: String(Reflect.get(found, 'writtenAt') ?? ''),
    // Our own file: each entry is a record, perhaps of an older version.
    files: files.map((one: ResultRecord) => recordOf(one)),
  };
}

function parsed(json: string): object {
  try {
    const found: unknown = JSON.parse(json);
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
