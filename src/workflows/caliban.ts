import { setting } from '../config/setting.ts';
import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow } from '../flow/workflow.ts';
import type { Job } from '../job/job.ts';
import type { Labels } from '../imaging/array.ts';
import type { Track } from '../imaging/tracking/cell-tracker.ts';
import { writeLineage } from '../formats/lineage.ts';
import { collectResults } from '../stages/archive/collect-results.ts';
import { findStored, unlessStored } from '../stages/archive/find-stored.ts';
import { removeTemporary } from '../stages/archive/remove-temporary.ts';
import { packageResults } from '../stages/package-results.ts';
import { type ResultFile, resultStem, tiff } from '../stages/results/result-file.ts';
import { labelMovie } from '../stages/tracking/label-movie.ts';
import { splitMovie } from '../stages/tracking/split-movie.ts';
import { type TrackingSettings, trackMovie } from '../stages/tracking/track-movie.ts';
import { upload } from '../stages/upload.ts';

const CROPS = ['resize', 'fixed'] as const;

/** `<name>_feature_0.tif` with a page for each frame, and `lineage.json` beside it, whatever folder the name has. */
function trackingFiles({ tracked: { shape, data }, tracks }: Tracked, job: Job): ResultFile[] {
  const stack = { shape: shape.slice(0, 3), data };
  return [
    tiff(`${resultStem(job)}_feature_0.tif`, stack),
    { kind: 'bytes', name: 'lineage.json', bytes: writeLineage(tracks) },
  ];
}

interface Tracked {
  readonly tracked: Labels;
  readonly tracks: readonly Track[];
}

export default builtInWorkflow({
  name: 'caliban',
  summary: 'Tracks the dividing cells of a movie.',
  aliases: ['tracking'],
  accepts: (job) => /\.(trks?|tiff?)$/i.test(job.inputFileName),
  wakeOnFailure: true,
  fields: [],
  settings: {
    queue: setting.text(
      'SEGMENTATION_QUEUE',
      'predict',
      'Queue that the frames are submitted to; converted to lower case.',
      {
        allowed: 'the name of a list',
      },
    ),
    model: setting.model('CALIBAN_MODEL', 'NuclearTrackingInf:6', 'Model that compares cells.', {
      aliases: ['TRACKING_MODEL'],
    }),
    encoder: setting.model(
      'NEIGHBORHOOD_ENCODER',
      'NuclearTrackingNE:6',
      'Model that encodes cells and their neighbours.',
    ),
    neighbourDistance: setting.number(
      'MAX_DISTANCE',
      50,
      'Cells nearer than this many pixels are neighbours.',
      { min: 0 },
    ),
    trackLength: setting.integer('TRACK_LENGTH', 8, 'Frames of a track that the model sees.', {
      min: 1,
    }),
    division: setting.fraction('DIVISION', 0.9, 'Minimum probability of a division.'),
    birth: setting.fraction('BIRTH', 0.99, 'Cost of beginning a track.'),
    death: setting.fraction('DEATH', 0.99, 'Cost of ending a track.'),
    appearanceSize: setting.integer(
      'APPEARANCE_DIM',
      32,
      'Side of the crop of a cell, in pixels.',
      {
        min: 2,
      },
    ),
    cropMode: setting.choice(
      'CROP_MODE',
      'resize',
      'How cells become crops of equal size: resized, or cut at a fixed size.',
      CROPS,
    ),
    norm: setting.boolean('CALIBAN_NORM', true, 'Whether crops of CROP_MODE fixed are normalized.'),
  },
  split: ({ queue }) => pipeline(splitMovie({ queue: queue.toLowerCase() })),
  join: ({ cropMode, norm, ...settings }) => {
    const fixed = norm ? 'fixed, normalized' : 'fixed';
    const crop: TrackingSettings['crop'] = cropMode === 'resize' ? 'resize' : fixed;
    return pipeline(
      findStored,
      collectResults(({ place }) => `Frame ${place}`),
      unlessStored(labelMovie),
      unlessStored(trackMovie({ ...settings, crop })),
      unlessStored(packageResults(trackingFiles)),
      unlessStored(upload),
      removeTemporary,
    );
  },
});
