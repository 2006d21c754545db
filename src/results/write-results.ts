import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KnownError } from '../errors.ts';
import { type CsvField, writeCsv } from '../formats/csv.ts';
import { splitName } from '../formats/split-name.ts';
import { measureCells } from '../imaging/cell-table/measure-cells.ts';
import type { JobFields } from '../ports.ts';
import { type TableForm, cellColumns, cellRows } from './cell-rows.ts';
import { drawMask } from './draw-mask.ts';
import { type MaskForms, exportMask } from './export-mask.ts';
import { type Mask, imageStem, isMaskName, readMask } from './mask-files.ts';
import { localName } from './local-name.ts';
import { type PictureFile, type Renamed, type ResultRecord, recordOf } from './record.ts';
import { segmentedChannels } from './segmented-channels.ts';
import { type SourceImage, readSourceImage } from './source-image.ts';
import { inputOf, understood } from './understood.ts';
import { warningsOf } from './warnings.ts';

/** A job that is done. */
export interface FinishedImage {
  /** The image, as the user named it. */
  readonly file: string;
  /** Where its bytes lie, if not there. */
  readonly image?: string | undefined;
  /** The folder of the batch, and the one below it that holds what the job's zip held. */
  readonly output: string;
  readonly folder: string;
  /** Names of the files in it. */
  readonly entries: readonly string[];
  /** Of those whose name the disk does not take: what the zip calls them. */
  readonly renamed?: Renamed | undefined;
  readonly key: string;
  /** The hash of the job. */
  readonly fields: JobFields;
  /** For an archive that was made of files of this machine: these, and what they are called in it. */
  readonly members?: readonly Member[] | undefined;
}

export interface Member {
  readonly path: string;
  readonly name: string;
}

/** What is left beside the contents of the zip. */
export interface ResultOptions extends MaskForms {
  readonly overlays: boolean;
  /** Length of the longer side of thumbnails at most, in pixels. */
  readonly thumbnail: number;
}

/**
 * Leaves beside the result of one image what people use: `<stem>_cells.csv`, a row for each cell, and for each label
 * image `<mask>_overlay.png` and `<mask>_thumbnail.png`. Holds one image and its labels at a time. What
 * cannot be drawn or measured is a warning of the record, never an error of the job; only what
 * the disk refuses is thrown.
 */
export async function writeResults(
  finished: FinishedImage,
  options: ResultOptions,
): Promise<ResultRecord> {
  const { file, folder, key, entries, fields, output, renamed = {} } = finished;
  const work = new ImageResults(finished, options);
  const masks = isRaw(fields) ? [] : entries.filter(isMaskName);
  for (const name of masks) await work.add(name);
  const { warnings, rows, form, pictures } = work;
  const input = understood(inputOf(fields));
  const known = { file, folder, key, status: 'done', warnings, input, renamed } as const;
  if (form === undefined) return recordOf(known);
  const columns = cellColumns(form);
  const name = localName(`${splitName(basename(file))[0]}_cells.csv`);
  await writeFile(join(output, folder, name), writeCsv(columns, rows));
  if (rows.length === 0 && fields['cells'] === undefined) warnings.push('No cells were found.');
  return recordOf({ ...known, cells: rows.length, table: { name, columns }, pictures });
}

/** Whether the result holds what a model said, and not labels. */
function isRaw({
  model_name: model = '',
  postprocess_function: functions = '',
}: JobFields): boolean {
  return model !== '' && functions === '';
}

/** What is gathered from the label images of one result. */
class ImageResults {
  readonly warnings: string[];
  readonly pictures: PictureFile[] = [];
  readonly rows: CsvField[][] = [];
  form: TableForm | undefined;
  /** The image that was read last; null if it cannot be read. */
  #source: SourceImage | null = null;
  #sourcePath: string | undefined;
  readonly #finished: FinishedImage;
  readonly #options: ResultOptions;

  constructor(finished: FinishedImage, options: ResultOptions) {
    this.#finished = finished;
    this.#options = options;
    this.warnings = warningsOf(finished.fields);
  }

  /** Measures and draws the cells of a file of the result. */
  async add(name: string): Promise<void> {
    const { output, folder } = this.#finished;
    const mask = await this.#unlessUnreadable(() => readMask(join(output, folder), name));
    if (mask === null) return;
    if (mask === undefined) {
      this.warnings.push(`${name} holds no labels: nothing was counted in it.`);
      return;
    }
    const source = await this.#sourceOf(mask);
    this.form ??= formOf(source);
    for (const row of measured(mask, source, this.form)) this.rows.push(row);
    if (this.#options.overlays && source !== undefined) await this.#draw(mask, source);
    const place = { folder: join(output, folder), pixelSize: source?.pixelSize };
    await exportMask(mask, this.#options, place);
  }

  /** The image of a file of labels; undefined, with a warning, if it cannot be read or is another. */
  async #sourceOf({ name, batch, labels }: Mask): Promise<SourceImage | undefined> {
    const [frames = 0, rows = 0, columns = 0] = labels.shape;
    const path = this.#pathOf(name);
    if (path === undefined) return undefined;
    if (path !== this.#sourcePath) {
      const { fields } = this.#finished;
      const read = (): Promise<SourceImage> =>
        readSourceImage(path, fields, { rows, columns, frames: batch + frames });
      this.#source = await this.#unlessUnreadable(read);
      this.#sourcePath = path;
    }
    if (this.#source === null) return undefined;
    const [batches = 0, ...extent] = this.#source.image.shape;
    const isSame = batch + frames <= batches && extent[0] === rows && extent[1] === columns;
    const isAlike = (this.form?.channels.length ?? extent[2]) === extent[2];
    if (isSame && isAlike) return this.#source;
    const other = isSame ? 'has other channels than the first image' : 'does not fit the image';
    this.warnings.push(`${name} ${other}: not drawn, measured without intensities.`);
    return undefined;
  }

  /** The file that holds the image of a file of labels; undefined, with a warning, for members of a foreign archive. */
  #pathOf(maskName: string): string | undefined {
    const { file, members, image = file, renamed = {} } = this.#finished;
    if (!/\.zip$/i.test(file)) return image;
    const stem = imageStem(renamed[maskName] ?? maskName);
    const member = members?.find(({ name }) => splitName(name)[0] === stem);
    const warning =
      'Images in archives are not drawn, and their cells measured without intensities.';
    if (member === undefined && !this.warnings.includes(warning)) this.warnings.push(warning);
    return member?.path;
  }

  async #draw(mask: Mask, { image, channelNames }: SourceImage): Promise<void> {
    const { output, folder, fields } = this.#finished;
    const count = image.shape[3] ?? 1;
    const channels = segmentedChannels({ fields, feature: mask.feature, channelNames, count });
    const { thumbnail } = this.#options;
    const place = { folder: join(output, folder), thumbnail };
    this.pictures.push(...(await drawMask({ mask, image, channels, ...place })));
  }

  /** Null, with a warning, for a file that is not as it should be. */
  async #unlessUnreadable<Value>(read: () => Promise<Value>): Promise<Value | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.warnings.push(`Not drawn, measured without intensities: ${error.message}`);
      return null;
    }
  }
}

function formOf(source: SourceImage | undefined): TableForm {
  const count = source?.image.shape[3] ?? 0;
  const channels = Array.from(
    { length: count },
    (_, channel) => source?.channelNames[channel] ?? String(channel),
  );
  return { channels, pixelSize: source?.pixelSize };
}

/** The rows of all frames of a file of labels. */
function* measured(
  { name, batch, labels }: Mask,
  source: SourceImage | undefined,
  form: TableForm,
): Generator<CsvField[]> {
  const [frames = 0, rows = 0, columns = 0] = labels.shape;
  const size = rows * columns;
  const channels = form.channels.length;
  for (let at = 0; at < frames; at++) {
    const frame = batch + at;
    const plane = {
      shape: [rows, columns],
      data: labels.data.subarray(at * size, (at + 1) * size),
    };
    const image = source && {
      shape: [rows, columns, channels],
      data: source.image.data.subarray(frame * size * channels, (frame + 1) * size * channels),
    };
    yield* cellRows(measureCells({ labels: plane, image }), form, { mask: name, frame });
  }
}
