import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { KnownError } from '../errors.ts';
import { BatchSlots } from './batch-slots.ts';
import { Faults, type Fault } from './faults.ts';
import { Inference } from './inference.ts';
import { kserveMethods } from './kserve-methods.ts';
import type { ServedModel } from './served-model.ts';
import { Statistics, type Figures } from './statistics.ts';
import { tfServingMethods } from './tf-serving-methods.ts';
import type { TensorForm } from './tensor-proto.ts';
import type { Method, OnRequest } from './unary-method.ts';

export interface LocalModelServerOptions {
  readonly models: readonly ServedModel[];
  /** Address to listen on; this machine only if absent. */
  readonly host?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Rows of a batch at most. */
  readonly maxBatchSize?: number;
  /** Batches computed at a time. */
  readonly parallelBatches?: number;
  /** Batches that may wait before more are refused. */
  readonly queuedBatches?: number;
  /** Where TensorFlow Serving's answers hold their elements. */
  readonly tensorForm?: TensorForm;
  readonly credentials?: ServerCredentials;
  /** Paths of methods that it does not have. */
  readonly lacksMethods?: readonly string[];
  /** Sees each request before it is answered. */
  readonly onRequest?: OnRequest;
}

export interface LocalModelServer {
  /** `127.0.0.1:8500` */
  readonly address: string;
  readonly port: number;
  figures(): Figures;
  /** Makes things go wrong from now on; an empty list ends it. */
  script(faults: readonly Fault[]): void;
  /** Ends all calls and connections at once. */
  close(): void;
}

/**
 * A model server for laptops, tests and authors of workflows. It speaks TensorFlow Serving's gRPC interface and
 * KServe v2 on one port and answers as TensorFlow Serving does, errors included. Each request is one batch; calls
 * whose client has gone are computed all the same. Rejects with `bad_settings` if it cannot listen.
 */
export async function startModelServer(
  options: LocalModelServerOptions,
): Promise<LocalModelServer> {
  const { host = '127.0.0.1', credentials = ServerCredentials.createInsecure() } = options;
  const faults = new Faults();
  const statistics = new Statistics();
  const slots = new BatchSlots({
    parallel: options.parallelBatches ?? 2,
    queued: options.queuedBatches ?? 512,
  });
  const { models, maxBatchSize = 32, tensorForm = 'typed', onRequest } = options;
  const inference = new Inference({ models, maxBatchSize, slots, faults, statistics });
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  const { lacksMethods = [] } = options;
  const methods = [...tfServingMethods(inference, tensorForm), ...kserveMethods(inference)];
  addMethods(
    server,
    methods.filter(({ definition }) => !lacksMethods.includes(definition.path)),
    onRequest,
  );
  const port = await listen(server, `${host}:${options.port ?? 0}`, credentials);
  return {
    address: `${host}:${port}`,
    port,
    figures: () => statistics.figures,
    script: (active) => faults.script(active),
    close() {
      faults.close();
      server.forceShutdown();
    },
  };
}

function addMethods(
  server: Server,
  methods: readonly Method[],
  onRequest: OnRequest | undefined,
): void {
  const service: ServiceDefinition = Object.fromEntries(
    methods.map(({ definition }) => [definition.path, definition]),
  );
  const handlers = methods.map(({ definition: { path }, handle }): [string, Method['handle']] => [
    path,
    (call, callback) => {
      onRequest?.(path, call.request);
      handle(call, callback);
    },
  ]);
  server.addService(service, Object.fromEntries(handlers));
}

async function listen(
  server: Server,
  address: string,
  credentials: ServerCredentials,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(address, credentials, (error, port) =>
    error === null ? resolve(port) : reject(cannotListen(address, error)),
  );
  return promise;
}

function cannotListen(address: string, cause: Error): KnownError {
  const message = `The model server cannot listen on ${address}: ${cause.message}`;
  return new KnownError('bad_settings', message, { cause });
}
