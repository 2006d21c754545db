const MIB = 2 ** 20;

/** What a pod may take. */
export interface Pod {
  readonly cores: number;
  readonly memoryMiB: number;
  /** Jobs of a round. */
  readonly jobs: number;
}

export const PODS: readonly Pod[] = [
  { cores: 0.3, memoryMiB: 256, jobs: 6 },
  { cores: 1, memoryMiB: 512, jobs: 16 },
  { cores: 2, memoryMiB: 1024, jobs: 24 },
  { cores: 2, memoryMiB: 4096, jobs: 24 },
];

/** Pods that differ in their memory, and the milliseconds that a call takes. */
export const CURVE = {
  cores: 2,
  memories: [256, 384, 512, 768, 1024, 2048],
  latencies: [0, 100, 300],
  /** Jobs of a round. */
  jobs: 24,
} as const;

/** Settings to compare with none. */
export interface Variant {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

export const DEFAULTS: Variant = { name: 'no setting', environment: {} };

/** One setting at a time, below and above what follows from the pod. */
export const VARIANTS: readonly Variant[] = [
  variant('JOBS_IN_FLIGHT', '1'),
  variant('JOBS_IN_FLIGHT', '3'),
  variant('COMPUTE_THREADS', '1'),
  variant('COMPUTE_THREADS', '2'),
  variant('COMPUTE_THREADS', '4'),
  variant('BYTES_IN_FLIGHT', String(48 * MIB)),
  variant('BYTES_IN_FLIGHT', String(512 * MIB)),
];

function variant(name: string, value: string): Variant {
  return { name: `${name}=${value}`, environment: { [name]: value } };
}
