import type { Sample } from '../samples.ts';
import { type Scene, SEGMENTATION } from './scene.ts';

/** A job for each image. */
export function imagesScene(samples: readonly Sample[]): Scene {
  return {
    consumers: [SEGMENTATION],
    queue: 'segmentation',
    fields: { channels: '0,' },
    samples,
    keep: async () => ({ columns: {} }),
  };
}
