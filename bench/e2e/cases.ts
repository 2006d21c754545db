import { JOB_KINDS, type JobKind } from '../harness/job-kinds.ts';

/** A kind of job at a size, and what the reference took for it; see docs/benchmarks. */
export interface Case {
  /** `nuclear-1024` */
  readonly name: string;
  readonly kind: JobKind;
  readonly size: number;
  readonly reference: Reference;
  /** Jobs of a round. */
  readonly jobs: number;
}

/** The Python consumer, one process. */
interface Reference {
  readonly cpuSeconds: number;
  /** With 0 ms a call. */
  readonly imagesPerSecond: number;
}

type Figures = readonly [cpuSeconds: number, imagesPerSecond: number];

/** On the machine whose yardstick is 1. */
const REFERENCE: Readonly<Record<string, Readonly<Record<number, Figures>>>> = {
  nuclear: { 512: [0.47, 2.01], 1024: [1.46, 0.66], 2048: [7.34, 0.127] },
  'mesmer both': { 512: [0.79, 1.13], 1024: [2.44, 0.37], 2048: [11.8, 0.077] },
};

const JOBS: Readonly<Record<number, number>> = { 512: 40, 1024: 16, 2048: 4 };

export const CASES: readonly Case[] = JOB_KINDS.flatMap((kind) =>
  Object.entries(REFERENCE[kind.name] ?? {}).map(([text, [cpuSeconds, imagesPerSecond]]) => {
    const size = Number(text);
    const name = `${kind.name.split(' ')[0]}-${size}`;
    return { name, kind, size, reference: { cpuSeconds, imagesPerSecond }, jobs: JOBS[size] ?? 1 };
  }),
);

/** The size at which everything is measured. */
export const MAIN_SIZE = 1024;
