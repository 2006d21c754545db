import { CASES, MAIN_SIZE } from '../e2e/cases.ts';
import { IMAGE_FILE } from '../e2e/limit.ts';
import { Deployment } from '../harness/deployment.ts';
import { startS3Store } from '../harness/s3-store.ts';
import { measure } from './measure-pod.ts';
import { CURVE, DEFAULTS } from './variants.ts';

/** The rate of a pod without any setting. */
export interface CurvePoint {
  readonly latencyMs: number;
  readonly memoryMiB: number;
  readonly imagesPerSecond: number;
  readonly peakMiB: number;
  /** Times that the kernel ended the consumer. */
  readonly kills: number;
}

/** Nuclear jobs of 1024² in pods of two cores with more and more memory, for several times that a call takes. */
export async function measureMemoryCurve(): Promise<CurvePoint[]> {
  const image = CASES.find(({ name }) => name === `nuclear-${MAIN_SIZE}`)?.kind.image(MAIN_SIZE);
  const points: CurvePoint[] = [];
  for (const latencyMs of CURVE.latencies) {
    const deployment = await Deployment.open({ latencyMs, openStore: startS3Store });
    try {
      await deployment.upload(IMAGE_FILE, image ?? new Uint8Array());
      for (const memoryMiB of CURVE.memories) {
        const pod = { cores: CURVE.cores, memoryMiB, jobs: CURVE.jobs };
        const { rate, peakMiB, kills } = await measure(deployment, pod, DEFAULTS);
        points.push({ latencyMs, memoryMiB, imagesPerSecond: rate, peakMiB, kills });
      }
    } finally {
      await deployment.close();
    }
  }
  return points;
}
