import { dirname, join } from 'node:path';
import { classify } from '../../errors.ts';
import { drawMask } from '../../results/draw-mask.ts';
import { readMask } from '../../results/mask-files.ts';
import { segmentedChannels } from '../../results/segmented-channels.ts';
import { readSourceImage } from '../../results/source-image.ts';
import type { WorkflowRun } from '../../testing/run-workflow.ts';

/** Side of thumbnails at most. */
const THUMBNAIL = 256;

interface Drawing {
  readonly folder: string;
  /** Files of the result. */
  readonly names: readonly string[];
  /** The image. */
  readonly input: string;
  readonly run: WorkflowRun;
}

/**
 * Draws the outlines of the labels of each TIFF that holds any; says so where the image does not fit. The
 * names of the pictures.
 */
export async function drawOverlays({ folder, names, input, run }: Drawing): Promise<string[]> {
  const drawn: string[] = [];
  for (const name of names.filter((one) => /\.tiff?$/i.test(one))) {
    try {
      drawn.push(...(await drawOne(name, { folder, input, run })));
    } catch (thrown) {
      process.stderr.write(`${name} is not drawn: ${classify(thrown).message}\n`);
    }
  }
  return drawn;
}

async function drawOne(
  name: string,
  { folder, input, run }: Omit<Drawing, 'names'>,
): Promise<string[]> {
  const mask = await readMask(folder, name);
  if (mask === undefined) return [];
  const [frames = 0, rows = 0, columns = 0] = mask.labels.shape;
  const { image, channelNames } = await readSourceImage(input, run.fields, {
    frames,
    rows,
    columns,
  });
  const count = image.shape[3] ?? 1;
  const { feature } = mask;
  const channels = segmentedChannels({ fields: run.fields, feature, channelNames, count });
  const into = join(folder, dirname(name));
  const pictures = await drawMask({ mask, image, channels, folder: into, thumbnail: THUMBNAIL });
  return pictures.flatMap(({ overlay }) => overlay);
}
