import { Client, Metadata, connectivityState, type ChannelCredentials } from '@grpc/grpc-js';
import type { Payload } from '../protobuf/pieces.ts';
import { cameFromServer, isServiceError } from './status-error.ts';
import { TrackedCredentials } from './tracked-credentials.ts';

export interface ConnectionTarget {
  /** An IP address and port, `10.0.0.7:8500`. */
  readonly address: string;
  /** The name that the server is known by, for its certificate. */
  readonly host: string;
  readonly credentials: ChannelCredentials;
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly windowBytes: number;
}

export interface UnaryCall {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly message: Payload;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** One HTTP/2 connection of its own, made at the first call and made again by itself when it breaks. */
export class Connection {
  readonly #client: Client;
  readonly #credentials: TrackedCredentials;
  #calls = 0;
  #bytes = 0;
  #answers = 0;
  #retired = false;
  #destroyed = false;

  constructor(target: ConnectionTarget) {
    this.#credentials = new TrackedCredentials(target.credentials);
    this.#client = new Client(grpcTarget(target.address), this.#credentials, options(target));
  }

  /** Bytes of requests that are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Answers, or beginnings of them, that came over it so far. */
  get answers(): number {
    return this.#answers;
  }

  get isReady(): boolean {
    return this.#state() === connectivityState.READY;
  }

  /** True from a failure to connect until it is tried again. */
  get isBroken(): boolean {
    return this.#state() === connectivityState.TRANSIENT_FAILURE;
  }

  /** Resolves when the server has accepted the connection; rejects if it has not within `ms`. */
  async connected(ms: number): Promise<void> {
    const deadline = Date.now() + ms;
    const channel = this.#client.getChannel();
    // Not Client.waitForReady: it goes on waiting after the channel was closed.
    while (!this.isReady) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const state = channel.getConnectivityState(true);
      channel.watchConnectivityState(state, deadline, (error) =>
        error ? reject(error) : resolve(),
      );
      await promise;
      if (this.#destroyed) throw new Error('The connection was closed.');
    }
  }

  /** Fails at once while a connection cannot be made. Rejects with the ServiceError of gRPC. */
  async unary({ path, message, deadlineMs, signal }: UnaryCall): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#calls++;
    this.#bytes += message.length;
    const call = this.#client.makeUnaryRequest(
      path,
      asBuffer,
      asIs,
      message,
      new Metadata(),
      { deadline: Date.now() + deadlineMs },
      (error, reply) => (reply === undefined ? reject(error) : resolve(reply)),
    );
    call.on('metadata', () => this.#answers++);
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return await promise;
    } catch (error) {
      if (isServiceError(error) && cameFromServer(error)) this.#answers++;
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#calls--;
      this.#bytes -= message.length;
      if (this.#retired && this.#calls === 0) this.destroy();
    }
  }

  /** Lets the calls under way end, then closes. */
  retire(): void {
    this.#retired = true;
    if (this.#calls === 0) this.destroy();
  }

  /** Ends everything at once: calls that wait for the connection fail, as do those under way. */
  destroy(): void {
    this.#destroyed = true;
    this.#client.close();
    this.#credentials.destroySockets();
  }

  #state(): connectivityState {
    return this.#client.getChannel().getConnectivityState(false);
  }
}

/** gRPC does no more with a message that it sends than a Payload can. */
function asBuffer(message: Payload): Buffer {
  return message as Buffer;
}

function asIs(message: Buffer): Buffer {
  return message;
}

function grpcTarget(address: string): string {
  return `${address.startsWith('[') ? 'ipv6' : 'ipv4'}:${address}`;
}

function options(target: ConnectionTarget): Record<string, string | number> {
  return {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
    'grpc.keepalive_time_ms': target.keepaliveMs,
    'grpc.keepalive_timeout_ms': target.keepaliveTimeoutMs,
    'grpc-node.flow_control_window': target.windowBytes,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2000,
    // Repeats are decided above, where it is known what they cost.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.ssl_target_name_override': target.host,
    'grpc.default_authority': target.host,
  };
}
