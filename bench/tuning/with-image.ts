import { CASES, MAIN_SIZE } from '../e2e/cases.ts';
import { IMAGE_FILE } from '../e2e/limit.ts';
import { Deployment } from '../harness/deployment.ts';
import { startS3Store } from '../harness/s3-store.ts';

/** Runs `work` with a deployment: a nuclear image of 1024² is in its bucket, and each model call takes `latencyMs`. */
export async function withImage<Result>(
  latencyMs: number,
  work: (deployment: Deployment) => Promise<Result>,
): Promise<Result> {
  const image = CASES.find(({ name }) => name === `nuclear-${MAIN_SIZE}`)?.kind.image(MAIN_SIZE);
  const deployment = await Deployment.open({ latencyMs, openStore: startS3Store });
  try {
    await deployment.upload(IMAGE_FILE, image ?? new Uint8Array());
    return await work(deployment);
  } finally {
    await deployment.close();
  }
}
