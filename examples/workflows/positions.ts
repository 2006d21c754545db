/* Makes a job of each position of a stack, for any consumer of another queue, and one archive of their results. */
import {
  collectResults,
  decodeImage,
  defineWorkflow,
  describeImage,
  download,
  isImage,
  mergeResults,
  orient,
  pipeline,
  removeTemporary,
  setting,
  splitPositions,
} from 'kiosk-redis-consumer';

export default defineWorkflow({
  name: 'positions',
  summary: 'Works on each position of a stack as a job of its own.',
  accepts: (job) => isImage(job.inputFileName),
  settings: {
    queue: setting.text('POSITIONS_QUEUE', 'segmentation', 'Queue that the positions go to.'),
  },
  split: ({ queue }) =>
    pipeline(download, describeImage, decodeImage, orient(), splitPositions({ queue })),
  join: () => pipeline(collectResults(), mergeResults, removeTemporary),
});
