import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { classify } from '../../errors.ts';
import { describeImage } from '../../formats/decode-image.ts';
import type { FieldUpdates } from '../../ports.ts';
import { describeAxes } from '../../stages/job-fields/axis-words.ts';
import { hasKnownPlane } from '../../stages/plan/squeeze-axes.ts';
import { isTrackName } from '../../formats/track-file.ts';
import { table } from '../command-line/table.ts';
import type { InputFile } from './find-files.ts';
import { listOf } from './submit-job.ts';
import { skippedLines } from './follow/summary.ts';
import type { Skipped } from './why-skipped.ts';
import { shapeWords } from '../../imaging/shape-words.ts';

interface Plan {
  readonly files: readonly InputFile[];
  readonly queue: string;
  readonly fields: FieldUpdates;
  /** Files of folders that are not submitted. */
  readonly skipped?: readonly Skipped[];
}

/** The consumer has limits of its own. */
const ANY_SIZE = { maxHeight: 0, maxWidth: 0, maxFileBytes: Infinity };

/**
 * What would be submitted: each file with its queue, what its image is, and where its result would go; then
 * the fields.
 */
export async function dryRun({ files, queue, fields, skipped = [] }: Plan): Promise<string> {
  const rows: string[][] = [];
  // One file in memory at a time.
  for (const { path, folder } of files)
    rows.push([path, listOf(queue, path), folder, await imageOf(path)]);
  const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [
    table(['FILE', 'QUEUE', 'RESULTS', 'IMAGE'], rows),
    '',
    `Fields: ${words.length > 0 ? words.join(' ') : 'none'}`,
    ...skippedLines(skipped),
    'Nothing was submitted.',
  ].join('\n');
}

async function imageOf(path: string): Promise<string> {
  if (/\.zip$/i.test(path)) return 'archive';
  if (isTrackName(path)) return 'movie with labels';
  try {
    const bytes = new Uint8Array(await readFile(path));
    const image = describeImage({ bytes, name: basename(path), limits: ANY_SIZE });
    const { channelNames: names, pixelSize } = image;
    const channels = names.length > 0 ? `; channels ${names.join(', ')}` : '';
    const size = pixelSize === undefined ? '' : `; ${Number(pixelSize.x.toFixed(6))} µm a pixel`;
    const axes = hasKnownPlane(image) ? describeAxes(image) : shapeWords(image.shape);
    return `${axes}${channels}${size}`;
  } catch (error) {
    return classify(error).message;
  }
}
