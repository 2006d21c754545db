import { buffer } from 'node:stream/consumers';
import { packEntry, zipArchive } from '../../../src/formats/zip.ts';
import { makeSamples } from '../samples.ts';
import type { Scene } from './scene.ts';

/** One archive of several images, one of which is damaged: it fails alone. */
export async function zipScene(): Promise<Scene> {
  const members = makeSamples().filter(({ name }) => name !== 'large.tif');
  const entries = members.map(({ name, bytes }) => packEntry(name, bytes));
  return {
    settings: { CONSUMERS: 'zip:segmentation,segmentation' },
    queue: 'segmentation',
    fields: { channels: '0,' },
    samples: [{ name: 'images.zip', bytes: await buffer(zipArchive(entries)()), broken: false }],
    members,
    keep: async ({ fields }) => {
      const failed = [...new URLSearchParams(fields['failures'])];
      const lines = failed.map(([job, reason]) => `  ${job}: ${reason}`);
      return {
        columns: { images: members.length, failed: failed.length },
        text: `Images that failed:\n${lines.join('\n')}`,
      };
    },
  };
}
