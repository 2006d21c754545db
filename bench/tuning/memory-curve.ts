import { measure } from './measure-pod.ts';
import { CURVE, DEFAULTS } from './variants.ts';
import { withImage } from './with-image.ts';

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
  const points: CurvePoint[] = [];
  for (const latencyMs of CURVE.latencies) {
    await withImage(latencyMs, async (deployment) => {
      for (const memoryMiB of CURVE.memories) {
        const pod = { cores: CURVE.cores, memoryMiB, jobs: CURVE.jobs };
        const { rate, peakMiB, kills } = await measure(deployment, pod, DEFAULTS);
        points.push({ latencyMs, memoryMiB, imagesPerSecond: rate, peakMiB, kills });
      }
    });
  }
  return points;
}
