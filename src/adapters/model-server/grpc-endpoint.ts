import { KnownError } from '../../errors.ts';
import type { Clock, ModelName, ModelSignature } from '../../ports.ts';
import type { ConnectionSettings } from './connection/connection-settings.ts';
import { Connections } from './connection/connections.ts';
import type { ConnectionTarget, UnaryCall } from './connection/connection.ts';
import type { BatchCall, BatchReply, Endpoint } from './endpoint.ts';
import { CallError } from './call-error.ts';
import { modelId } from './model-id.ts';
import { freeMemory } from './tensors/free-memory.ts';
import type { Protocol } from './protocol.ts';
import { payloadOf } from './protobuf/pieces.ts';
import { callError, isServiceError, provesLife } from './connection/status-error.ts';

export interface GrpcEndpointOptions {
  readonly target: ConnectionTarget;
  readonly protocol: Protocol;
  readonly settings: ConnectionSettings;
  readonly clock: Clock;
  /** The signature of a model that is used. */
  readonly signatureOf: (model: ModelName) => string;
}

type Call = Pick<UnaryCall, 'path' | 'message' | 'deadlineMs' | 'signal'> & {
  readonly model?: string;
};

/** A model server behind one address, spoken to over gRPC. */
export class GrpcEndpoint implements Endpoint {
  readonly address: string;
  readonly #options: GrpcEndpointOptions;
  readonly #connections: Connections;

  constructor(options: GrpcEndpointOptions) {
    this.address = options.target.address;
    this.#options = options;
    this.#connections = new Connections(options);
  }

  async send(call: BatchCall): Promise<BatchReply> {
    const { protocol, signatureOf } = this.#options;
    const model = modelId(call.model);
    const message = payloadOf(protocol.predictRequest(call, signatureOf(call.model)));
    const { deadlineMs, signal } = call;
    const path = protocol.paths.predict;
    const reply = await this.#call({ path, message, deadlineMs, signal, model });
    const { outputs } = understand(() => protocol.predictReply(reply), this.address);
    return { outputs, release: () => freeMemory(reply) };
  }

  async signature(model: ModelName, signal: AbortSignal): Promise<ModelSignature> {
    const { protocol, settings, signatureOf } = this.#options;
    const reply = await this.#call({
      path: protocol.paths.signature,
      message: protocol.signatureRequest(model),
      deadlineMs: settings.signatureMs,
      signal,
      model: modelId(model),
    });
    const name = signatureOf(model);
    return understand(() => protocol.signatureReply(reply, model, name), this.address);
  }

  async probe(signal: AbortSignal): Promise<void> {
    const { protocol, settings } = this.#options;
    const ready = await this.#callIfReady({
      path: protocol.paths.probe,
      message: protocol.probeRequest(),
      deadlineMs: settings.probeMs,
      signal,
    });
    if (!ready) {
      throw new CallError({ type: 'not served' }, `${this.address} is not ready yet.`);
    }
  }

  /** Lets the calls under way end. */
  close(): void {
    this.#connections.close();
  }

  async #call({ model, ...call }: Call): Promise<Buffer> {
    try {
      return await this.#connections.unary(call);
    } catch (error) {
      const { signal } = call;
      throw callError(error, {
        address: this.address,
        signal,
        ...(model !== undefined && { model }),
      });
    }
  }

  /** Any answer proves that the server lives, a refusal of the method too: not all servers have all services. */
  async #callIfReady(call: Call): Promise<boolean> {
    const { protocol } = this.#options;
    try {
      const reply = await this.#connections.unary(call);
      return understand(() => protocol.isReady(reply), this.address);
    } catch (error) {
      if (isServiceError(error) && provesLife(error)) return true;
      throw callError(error, { address: this.address, signal: call.signal });
    }
  }
}

/** Bytes that are no message of the protocol are the fault of the server. */
function understand<Value>(read: () => Value, address: string): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw new CallError({ type: 'fault' }, `The answer of ${address} cannot be read.`, { cause });
  }
}
