import { KnownError } from '../../src/errors.ts';
import type { Job } from '../../src/job/job.ts';
import { kernels } from '../../src/kernels.ts';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';

/** Requests to model servers that a job takes part in, and strips of its image that are cut and blended. */
const REQUESTS = 16;

const MODELS = ['NuclearSegmentation:6', 'CytoplasmSegmentation:3', 'Mesmer:9', 'Spots:1'];
const ENDPOINTS = ['10.0.0.1:8500', '10.0.0.2:8500', '10.0.0.3:8500', '10.0.0.4:8500'];
const AWAY = new KnownError('bucket_unavailable', 'The bucket is away.');
const DAMAGED = new KnownError('corrupt_image', 'The image is damaged.');

/** Tells telemetry what it hears of one job. Over time every model, endpoint and kernel occurs; one in twenty jobs fails. */
export function tellOfJob(telemetry: Telemetry, stages: readonly string[], number: number): void {
  const { listen } = telemetry;
  const key = `image:${number}`;
  const job: Job = {
    key,
    queue: 'image',
    fields: {},
    inputFileName: 'a.tif',
    originalName: 'a',
    resultId: '',
  };
  const failed = number % 20 === 0;
  listen({ type: 'intake polled' });
  listen({ type: 'job claimed', key });
  listen({ type: 'job started', job, queuedMs: 12 });
  for (const stage of stages) {
    listen({ type: 'stage entered', stage, job });
    listen({ type: 'stage started', stage, job, waitedMs: number % 500, status: stage, notes: {} });
    if (failed) listen({ type: 'stage retried', stage, job, error: AWAY, delayMs: 1000 });
    if (stage === 'predict') tellOfRequests(telemetry, job, number);
    for (const direction of ['in', 'out'] as const)
      listen({ type: 'bytes moved', stage, job, direction, bytes: 2 ** 20 });
    const error = failed && stage === stages.at(-1) ? DAMAGED : undefined;
    listen({ type: 'stage ended', stage, job, ms: number % 3000, ...(error && { error }) });
  }
  for (const kernel of Object.keys(kernels)) tellOfKernel(telemetry, kernel, number);
  const ended = { type: 'job ended', key, ms: 4000 } as const;
  if (failed) listen({ ...ended, outcome: 'failed', error: DAMAGED });
  else listen({ ...ended, outcome: 'done' });
}

function tellOfRequests(telemetry: Telemetry, job: Job, number: number): void {
  const tell = telemetry.listenToPredictions;
  for (let request = 0; request < REQUESTS; request++) {
    const model = MODELS[request % MODELS.length] ?? '';
    const endpoint = ENDPOINTS[number % ENDPOINTS.length] ?? '';
    const call = { model, endpoint, rows: 16, bytes: 2 ** 22 };
    tell({ type: 'batch sent', ...call, waitedMs: 5, fill: 0.8 });
    tell({ type: 'batch answered', ...call, ms: 120, slowdown: 1.2 });
    tell({ type: 'limit changed', endpoint, calls: 4 });
    tell({ type: 'endpoint changed', endpoint, state: 'up' });
    tellOfKernel(telemetry, 'cutTiles', number);
    tellOfKernel(telemetry, 'blendTiles', number);
    telemetry.listen({ type: 'stage progressed', stage: 'predict', job, done: request / REQUESTS });
  }
}

function tellOfKernel({ listenToKernels }: Telemetry, kernel: string, number: number): void {
  listenToKernels({ type: 'kernel started', kernel, waitedMs: number % 40 });
  const ended = { type: 'kernel ended', kernel, ms: number % 700 } as const;
  listenToKernels(number % 200 === 0 ? { ...ended, error: DAMAGED } : ended);
}
