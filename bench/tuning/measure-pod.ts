import { CASES, MAIN_SIZE } from '../e2e/cases.ts';
import { IMAGE_FILE } from '../e2e/limit.ts';
import type { Deployment } from '../harness/deployment.ts';
import { openMemoryCgroup } from '../harness/memory-cgroup.ts';
import { median } from '../predict/row.ts';
import { DEFAULTS, type Pod, VARIANTS, type Variant } from './variants.ts';

/** A consumer in a pod, with at most one setting. */
export interface TuningRow {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly setting: string;
  readonly imagesPerSecond: number;
  /** Share of the rate without a setting, by the measurements right before and after. */
  readonly ofDefault: number;
  /** The most that was charged to the container, from its start on. */
  readonly peakMiB: number;
  /** Times that the kernel ended the consumer. */
  readonly kills: number;
}

interface Measured {
  readonly rate: number;
  readonly peakMiB: number;
  readonly kills: number;
}

const ROUNDS = 2;
const CASE = CASES.find(({ name }) => name === `nuclear-${MAIN_SIZE}`);

/** Nuclear jobs of 1024², with each setting in turn, and without one in between: others use this machine too. */
export async function measurePod(deployment: Deployment, pod: Pod): Promise<TuningRow[]> {
  const measured: { readonly variant: Variant; readonly one: Measured; readonly of: number }[] = [];
  const defaults: Measured[] = [await measure(deployment, pod, DEFAULTS)];
  for (const variant of VARIANTS) {
    const one = await measure(deployment, pod, variant);
    const before = defaults.at(-1)?.rate ?? NaN;
    const after = await measure(deployment, pod, DEFAULTS);
    defaults.push(after);
    measured.push({ variant, one, of: one.rate / ((before + after.rate) / 2) });
  }
  const row = (
    setting: string,
    { rate, peakMiB, kills }: Measured,
    ofDefault: number,
  ): TuningRow => ({
    cores: pod.cores,
    memoryMiB: pod.memoryMiB,
    setting,
    imagesPerSecond: rate,
    ofDefault,
    peakMiB,
    kills,
  });
  const plain: Measured = {
    rate: median(defaults.map(({ rate }) => rate)),
    peakMiB: Math.max(...defaults.map(({ peakMiB }) => peakMiB)),
    kills: defaults.reduce((sum, { kills }) => sum + kills, 0),
  };
  return [
    row(DEFAULTS.name, plain, 1),
    ...measured.map(({ variant, one, of }) => row(variant.name, one, of)),
  ];
}

/** One consumer in a pod, warmed up. */
export async function measure(
  deployment: Deployment,
  pod: Pod,
  { name, environment }: Variant,
): Promise<Measured> {
  if (CASE === undefined) throw new Error(`There is no nuclear case of ${MAIN_SIZE}².`);
  const cgroup = openMemoryCgroup('kiosk-tuning', pod.memoryMiB, pod.cores);
  if (cgroup === undefined) {
    throw new Error('This machine lets us make no control group: run it as root.');
  }
  const rates: number[] = [];
  try {
    const consumer = await deployment.startConsumer({
      kind: CASE.kind,
      name: `tuning-${name}`,
      environment,
      cgroup,
    });
    const work = { file: IMAGE_FILE, count: pod.jobs };
    await deployment.workWith([consumer], work);
    for (let round = 0; round < ROUNDS; round++) {
      rates.push(pod.jobs / (await deployment.workWith([consumer], work)));
    }
    const peakMiB = cgroup.peakMiB();
    await deployment.stopConsumer(consumer);
    return { rate: median(rates), peakMiB, kills: 0 };
  } catch (error) {
    // The kernel ended the consumer: that is a result too.
    if (cgroup.kills() === 0) throw error;
    return { rate: 0, peakMiB: pod.memoryMiB, kills: cgroup.kills() };
  } finally {
    cgroup.remove();
  }
}
