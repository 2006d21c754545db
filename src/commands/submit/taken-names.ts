import { extname } from 'node:path';
import type { Workflow } from '../../flow/workflow.ts';
import { unqueuedJob } from '../../job/job.ts';

/** Which files of a folder are submitted. */
export interface TakenNames {
  readonly takes: (name: string) => boolean;
  /** What a folder holds none of, for messages. */
  readonly what: string;
}

const IMAGES = ['.tif', '.tiff', '.png', '.jpg', '.jpeg'];

/** Files that begin with a dot are what systems leave behind, such as `._cells.tif` of macOS. */
export function isImage(name: string): boolean {
  return !name.startsWith('.') && IMAGES.includes(extname(name).toLowerCase());
}

/** Images alone. */
export const IMAGES_ONLY: TakenNames = { takes: isImage, what: `images (${IMAGES.join(', ')})` };

/**
 * What a workflow takes by its name, and archives, which have a queue of their own. Of a workflow that takes
 * files of any name, and of a queue that none is known for, images.
 */
export function namesFor(workflow: Workflow | undefined): TakenNames {
  const accepts = (name: string): boolean =>
    workflow?.accepts(unqueuedJob({ inputFileName: name, originalName: name })) ?? true;
  const isChoosy = !accepts('a.txt');
  const isOwn = isChoosy ? accepts : isImage;
  const what = isChoosy ? `files that ${workflow?.name} takes` : IMAGES_ONLY.what;
  const takes = (name: string): boolean =>
    !name.startsWith('.') && (/\.zip$/i.test(name) || isOwn(name));
  return { takes, what };
}
