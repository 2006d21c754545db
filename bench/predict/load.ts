import { credentials } from '@grpc/grpc-js';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { DEFAULT_CONNECTION_SETTINGS } from '../../src/adapters/model-server/connection/connection-settings.ts';
import { Connections } from '../../src/adapters/model-server/connection/connections.ts';
import { ModelServerClient } from '../../src/adapters/model-server/model-server-client.ts';
import { modelServerEndpoints } from '../../src/adapters/model-server/model-server-endpoints.ts';
import { join } from '../../src/adapters/model-server/protobuf/pieces.ts';
import { DEFAULT_SCHEDULER_SETTINGS } from '../../src/adapters/model-server/scheduler/settings.ts';
import { tfServing } from '../../src/adapters/model-server/tf-serving/protocol.ts';
import { type NdArray, sharedFloat32 } from '../../src/imaging/array.ts';
import type { ModelName } from '../../src/ports.ts';
import { median } from './row.ts';
import { ECHO } from './server.ts';

/** Something that sends rows to a server and waits for the answer. */
export interface Sender {
  send(caller: number): Promise<void>;
  close(): Promise<void>;
}

interface Load {
  readonly port: number;
  /** Axes `[row, element]`. */
  readonly tensor: NdArray<Float32Array>;
  /** Rows of a request at most. */
  readonly maxRows: number;
  /** Another model than the one that echoes, and its input. */
  readonly model?: ModelName;
  readonly input?: string;
}

export function tensorOf(rows: number, bytesPerRow: number): NdArray<Float32Array> {
  const data = sharedFloat32((rows * bytesPerRow) / 4);
  for (let index = 0; index < data.length; index++) data[index] = index % 251;
  return { shape: [rows, bytesPerRow / 4], data };
}

/** The adapter, with all that it does. */
export function adapterSender({ port, tensor, maxRows }: Load): Sender {
  const client = new ModelServerClient({
    endpoints: modelServerEndpoints({
      host: '127.0.0.1',
      port,
      protocol: 'tfserving',
      security: { type: 'plain' },
      clock: systemClock,
    }),
    clock: systemClock,
    random: Math.random,
    settings: DEFAULT_SCHEDULER_SETTINGS,
    maxRows: () => maxRows,
    metadataCache: { put: async () => undefined },
    metadataExpireSeconds: 3600,
    emit: () => undefined,
  });
  const jobs: AbortSignal[] = [];
  return {
    async send(caller) {
      const prediction = await client.predict({
        model: ECHO,
        inputs: { image: tensor },
        job: `${caller}`,
        queue: 'predict',
        splittable: true,
        signal: (jobs[caller] ??= new AbortController().signal),
      });
      prediction.release?.();
    },
    close: () => client.close(),
  };
}

/** The limit: the same bytes over the same connections, encoded beforehand, the answer not looked at. */
export function bareSender({ port, tensor, model = ECHO, input = 'image' }: Load): Sender {
  const settings = DEFAULT_CONNECTION_SETTINGS;
  const address = `127.0.0.1:${port}`;
  const target = {
    address,
    host: '127.0.0.1',
    credentials: credentials.createInsecure(),
    ...settings,
  };
  const connections = new Connections({ target, settings, clock: systemClock });
  const { shape, data } = tensor;
  const inputs = [{ name: input, type: 'float32', shape, parts: [data] }] as const;
  const message = join(tfServing.predictRequest({ model, inputs }, 'serving_default'));
  const { signal } = new AbortController();
  const path = tfServing.paths.predict;
  return {
    async send() {
      await connections.unary({
        path,
        message,
        deadlineMs: 60_000,
        signal,
      });
    },
    close: async () => connections.close(),
  };
}

export interface Measured {
  readonly perSecond: number;
  /** Processor time of this process for each request. */
  readonly cpuMs: number;
  /** Median time of a request. */
  readonly medianMs: number;
}

/** So many callers, each with one request at a time, until `requests` are answered. */
export async function drive(
  sender: Sender,
  { callers, requests }: { readonly callers: number; readonly requests: number },
): Promise<Measured> {
  const durations: number[] = [];
  let left = requests;
  const caller = async (_: unknown, index: number): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now();
      await sender.send(index);
      durations.push(performance.now() - start);
    }
  };
  const before = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: requests / seconds,
    cpuMs: (user + system) / 1000 / requests,
    medianMs: median(durations),
  };
}
