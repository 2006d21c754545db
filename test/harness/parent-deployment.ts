import { servedFake } from '../fakes/fake-models.ts';
import { type Hash, Deployment } from './processes/consumer-process.ts';
import { cellImage } from './images/cell-image.ts';
import { buildZip } from './images/zip-builder.ts';

/** The job of an archive of three images, as the web page submits it. */
export const ARCHIVE = {
  queue: 'segmentation-zip',
  key: 'segmentation-zip:three.zip:0b3c5d2e-1f4a-4b6c-8d7e-9f0a1b2c3d4e',
  members: ['a.tif', 'folder/b.tif', 'c.tif'],
} as const;

/** A consumer of archives, and nobody who takes their images. `environment`: settings of the consumer. */
export function openParents(environment: Hash = {}): Promise<Deployment> {
  return Deployment.open({
    models: [servedFake('seg2', { name: 'Cells', version: 1 }, [64, 64, 1])],
    environment: { CONSUMER_TYPE: 'zip', QUEUE: 'segmentation', ...environment },
  });
}

/** Submits the job and waits until it waits for its images. The keys of their jobs, in the order of the archive. */
export async function parkArchive(deployment: Deployment): Promise<string[]> {
  const { queue, key, members } = ARCHIVE;
  const archive = buildZip(members.map((name) => ({ name, data: cellImage() })));
  await deployment.upload('uploads/three.zip', archive);
  const fields = { channels: '0,', dimension_order: 'XY', url: 'https://example.org/three.zip' };
  const file = { input_file_name: 'uploads/three.zip', original_name: 'three.zip' };
  await deployment.submit(key, { ...file, ...fields }, queue);
  return deployment.until(async () => {
    const [status, children = ''] = await deployment.redis.hmget(key, 'status', 'children');
    return status === 'waiting' ? (children ?? '').split(',') : undefined;
  });
}

/** The reasons that a finished archive gives for the jobs of its images, by key. */
export function failuresOf(hash: Hash): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(hash['failures']));
}
