import assert from 'node:assert/strict';
import { test } from 'node:test';
import caliban from '../../src/workflows/caliban.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('a movie is split into its frames, whose labels are tracked', () => {
  assert.deepEqual(stageNames(caliban), {
    split: ['split_movie', 'submit_children'],
    join: [
      'find_stored',
      'collect_results',
      'label_movie',
      'track',
      'package',
      'upload',
      'remove_temporary',
    ],
  });
});

test('stacks and files with labels are taken, of any case; the first frame that fails wakes the parent', () => {
  const movies = ['a.trk', 'b.trks', 'c.tif', 'd.tiff', 'E.TIF', 'F.TRKS'];
  assert.deepEqual(accepted(caliban, ...movies, 'g.png', 'h.zip', 'tif', ''), movies);
  assert.deepEqual([caliban.wakeOnFailure, caliban.aliases], [true, ['tracking']]);
});

test('the settings are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(caliban), {
    SEGMENTATION_QUEUE: 'predict',
    CALIBAN_MODEL: { name: 'NuclearTrackingInf', version: 6 },
    NEIGHBORHOOD_ENCODER: { name: 'NuclearTrackingNE', version: 6 },
    MAX_DISTANCE: 50,
    TRACK_LENGTH: 8,
    DIVISION: 0.9,
    BIRTH: 0.99,
    DEATH: 0.99,
    APPEARANCE_DIM: 32,
    CROP_MODE: 'resize',
    CALIBAN_NORM: true,
  });
});
