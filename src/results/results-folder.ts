import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { batchTable } from './batch-table.ts';
import type { MaskForms } from './export-mask.ts';
import { type Manifest, manifestCsv, manifestJson, parseManifest } from './manifest.ts';
import { resultsPage } from './page/page.ts';
import type { ResultRecord } from './record.ts';
import { storing } from './storing.ts';
import { type FinishedImage, writeResults } from './write-results.ts';

interface FolderOptions extends MaskForms {
  /** The folder of the batch; it exists. */
  readonly output: string;
  readonly queue: string;
  /** How many files the batch has, as far as is known: pages of many get smaller thumbnails. */
  readonly files: number;
  readonly overlays: boolean;
  readonly now: () => Date;
}

/** Batches with more files get the smaller thumbnails, so that browsers can open the page. */
const MANY_FILES = 300;
const [LARGE_THUMBNAIL, SMALL_THUMBNAIL] = [256, 128];
export const MANIFEST = 'manifest.json';

/**
 * The results of a batch in a folder: what people use of each image, and when it is closed `cells.csv`,
 * `manifest.json`, `manifest.csv` and `index.html` for all. Images are worked on one at a time, whatever
 * number is done at once, and no pixel is kept.
 *
 * @example
 * const results = new ResultsFolder({ output, queue, files: files.length, overlays: true, now });
 * const { names: entries, renamed } = await unpack(zip, join(output, folder));
 * await results.done({ file, folder, entries, renamed, key, fields });
 * results.add(recordOf({ file, key, status: 'failed', code, reason, remedy: remedyOf(code) }));
 * await results.close();
 */
export class ResultsFolder {
  readonly #options: FolderOptions;
  readonly #records = new Map<string, ResultRecord>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  /**
   * Takes a job that is done, after its zip was unpacked into its folder. `result_not_kept` if the disk
   * refuses what is written.
   */
  async done(finished: Omit<FinishedImage, 'output'>): Promise<ResultRecord> {
    const { output, overlays, files, omeTiff, geojson } = this.#options;
    const thumbnail = files > MANY_FILES ? SMALL_THUMBNAIL : LARGE_THUMBNAIL;
    const turn = this.#last.then(() =>
      storing(join(output, finished.folder), () =>
        writeResults({ ...finished, output }, { overlays, thumbnail, omeTiff, geojson }),
      ),
    );
    this.#last = turn.catch(() => undefined);
    const record = await turn;
    this.add(record);
    return record;
  }

  /**
   * Takes a file that did not end in a result, or one of an earlier run that is to stay. A later word on a
   * file replaces an earlier one.
   */
  add(record: ResultRecord): void {
    this.#records.set(record.file, record);
  }

  /**
   * Writes what is there of the batch as a whole; `result_not_kept` if the disk refuses it. `remarks` stand
   * at the top of the page.
   */
  async close(remarks: readonly string[] = []): Promise<Manifest> {
    const { output, queue, now } = this.#options;
    await this.#last;
    const files = [...this.#records.values()].toSorted(byFile);
    const manifest = { queue, writtenAt: now().toISOString(), files };
    await storing(output, async () => {
      await write(join(output, 'cells.csv'), batchTable(files, output));
      await write(join(output, 'manifest.csv'), manifestCsv(files));
      await write(join(output, 'index.html'), resultsPage({ ...manifest, output, remarks }));
      // The last: who finds it finds the others.
      await write(join(output, MANIFEST), manifestJson(manifest));
    });
    return manifest;
  }
}

/** The batch that a folder holds, or the one of the manifest named; undefined if there is none. */
export async function readManifest(
  output: string,
  path = join(output, MANIFEST),
): Promise<Manifest | undefined> {
  const json = await readFile(path, 'utf8').catch(() => undefined);
  return json === undefined ? undefined : parseManifest(json, path);
}

const BY_NUMBERS = new Intl.Collator('en', { numeric: true });

function byFile(one: ResultRecord, other: ResultRecord): number {
  return BY_NUMBERS.compare(one.file, other.file);
}

async function write(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  await pipeline(Readable.from(pieces), createWriteStream(path));
}
