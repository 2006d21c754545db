/* Counts the nuclei of each image: a label image, and a table of the counts. */
import {
  compute,
  csv,
  decodeImage,
  defineWorkflow,
  describeImage,
  download,
  isImage,
  orient,
  packageResults,
  pipeline,
  predictTiles,
  resultStem,
  setting,
  tiff,
  upload,
} from 'kiosk-redis-consumer';

export default defineWorkflow({
  name: 'counting',
  summary: 'Counts nuclei.',
  accepts: (job) => isImage(job.inputFileName),
  settings: {
    model: setting.model('COUNTING_MODEL', 'NuclearSegmentation:6', 'Model that finds nuclei.'),
  },
  pipeline: ({ model }) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      orient(),
      predictTiles(model),
      compute('deepWatershed', {
        as: 'labels',
        from: ({ heads: [maxima, interior] }) => ({ maxima, interior, radius: 5 }),
      }),
      compute('countLabels', { as: 'cells', from: ({ labels }) => ({ labels }) }),
      packageResults(({ labels, cells: [count = 0] }, job) => [
        tiff(`${resultStem(job)}_labels.tif`, { ...labels, shape: labels.shape.slice(0, 3) }),
        csv(`${resultStem(job)}_counts.csv`, ['image', 'cells'], [[job.originalName, count]]),
      ]),
      upload,
    ),
});
