import { setting } from '../config/setting.ts';
import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow } from '../flow/workflow.ts';
import { collectResults } from '../stages/archive/collect-results.ts';
import { mergeResults } from '../stages/archive/merge-results.ts';
import { openArchive } from '../stages/archive/open-archive.ts';
import { removeTemporary } from '../stages/archive/remove-temporary.ts';
import { splitArchive } from '../stages/archive/split-archive.ts';

/** Members that are copied at a time: enough to hide how long a store takes to answer. */
const UPLOADS = 4;

export default builtInWorkflow({
  name: 'zip',
  summary: 'Makes a job of each image in a zip archive, and one archive of their results.',
  accepts: (job) => job.inputFileName.toLowerCase().endsWith('.zip'),
  queueOf: (queue) => `${queue}-zip`,
  settings: {
    maxEntries: setting.integer('MAX_ARCHIVE_ENTRIES', 100_000, 'Maximum members of an archive.', {
      min: 1,
    }),
    maxBytes: setting.bytes(
      'MAX_ARCHIVE_BYTES',
      2 ** 36,
      'Maximum unpacked size of all images of an archive together.',
    ),
    maxRatio: setting.number(
      'MAX_ARCHIVE_RATIO',
      100,
      'Maximum ratio of unpacked to packed size, for archives of more than 256 MiB unpacked.',
      { min: 1 },
    ),
  },
  split: (limits, queue) =>
    pipeline(openArchive(limits), splitArchive({ queue, uploads: UPLOADS })),
  join: () => pipeline(collectResults(), mergeResults, removeTemporary),
});
