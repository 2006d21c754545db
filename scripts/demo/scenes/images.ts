import type { Sample } from '../samples.ts';
import type { Scene } from './scene.ts';

/** A job for each image. */
export function imagesScene(samples: readonly Sample[]): Scene {
  return {
    settings: { CONSUMERS: 'segmentation' },
    queue: 'segmentation',
    fields: { channels: '0,' },
    samples,
    keep: async () => ({ columns: {} }),
  };
}
