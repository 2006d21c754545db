/* Prices of the published run's cost model, in US dollars (kiosk-client, preemptible machines). */
export const PRICES = {
  /** n1-standard-2, an hour, and what of its two processors is left for pods. */
  node: 0.02,
  coresOfNode: 1.9,
  /** n1-highmem-2 with a V100, an hour. */
  gpu: 0.74,
  /** A gigabyte between zones. */
  interZone: 0.01,
  /** Ten thousand operations: writes, reads. */
  classA: 0.05,
  classB: 0.004,
  egress: 0.12,
};

/** Bytes of one head, or of the input, of an image of 1280 × 1080: 42 tiles of 256² float32. */
export const TENSOR_BYTES = 42 * 256 * 256 * 4;
/** One tensor goes to the server and two heads come back. */
export const TENSORS = 3;
/** With two zones half of the traffic crosses. */
export const CROSSING = 0.5;
export const RESULT_BYTES = 5600;
/** Operations for each image. */
export const OPERATIONS = 2.01;

export interface Usage {
  readonly images: number;
  readonly coreHours: number;
  readonly gpuHours: number;
}

/** What a run costs, by what is paid for. */
export function costOf({ images, coreHours, gpuHours }: Usage): Readonly<Record<string, number>> {
  const gigabytes = (images * TENSORS * TENSOR_BYTES * CROSSING) / 1e9;
  return {
    consumers: (coreHours / PRICES.coresOfNode) * PRICES.node,
    gpus: gpuHours * PRICES.gpu,
    zones: gigabytes * PRICES.interZone,
    storage:
      (images * OPERATIONS * (PRICES.classA + PRICES.classB)) / 1e4 +
      ((images * RESULT_BYTES) / 1e9) * PRICES.egress,
  };
}
