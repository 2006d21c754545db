import { join } from 'node:path';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { contactSheet, writePng } from '../picture.ts';
import { renderMovie } from '../render/movie.ts';
import { pixelsOf } from './outlines.ts';
import type { Scene } from './scene.ts';
import { drawFrames } from './track-frames.ts';
import { lineageTree, readLineage } from './lineage-tree.ts';

const FRAMES = 10;
const SIZE = { rows: 256, columns: 256 };
const FRAMES_PER_ROW = 5;

/** A movie of nuclei that move and divide: their tracks, and who descends from whom. */
export function movieScene(): Scene {
  const movie = renderMovie(FRAMES, SIZE);
  const bytes = encodeTiff({ shape: [FRAMES, SIZE.rows, SIZE.columns], data: movie });
  return {
    settings: { CONSUMERS: 'caliban:track,segmentation', SEGMENTATION_QUEUE: 'segmentation' },
    queue: 'track',
    fields: {},
    samples: [{ name: 'movie.tif', bytes, broken: false }],
    keep: async (_, files, folder) => {
      const tracked = pixelsOf('movie_feature_0.tif', files.get('movie_feature_0.tif'));
      const tracks = readLineage(files.get('lineage.json'));
      const labels = { shape: [FRAMES, SIZE.rows, SIZE.columns], data: tracked.data };
      const frames = await drawFrames({ movie, labels, tracks });
      const sheet = await contactSheet(frames, FRAMES_PER_ROW);
      await writePng(join(folder, 'overlays', 'movie.png'), sheet);
      const divisions = tracks.filter(({ daughters }) => daughters.length > 0).length;
      return {
        columns: { frames: FRAMES, tracks: tracks.length, divisions },
        text: lineageTree(tracks),
      };
    },
  };
}
