import type { Socket } from 'node:net';
import { ChannelCredentials, type ChannelOptions, type experimental } from '@grpc/grpc-js';

type Create = ChannelCredentials['_createSecureConnector'];

/**
 * Credentials that remember the sockets which gRPC opens with them. gRPC never closes the socket of a peer that
 * accepts it and then says nothing (grpc-node issue 2785): we have to.
 */
export class TrackedCredentials extends ChannelCredentials {
  readonly #inner: ChannelCredentials;
  readonly #sockets = new Set<Socket>();

  constructor(inner: ChannelCredentials) {
    super();
    this.#inner = inner;
  }

  /** Closes all sockets at once. */
  destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  override _equals(other: ChannelCredentials): boolean {
    return other instanceof TrackedCredentials && this.#inner._equals(other.#inner);
  }

  override _createSecureConnector(
    target: Parameters<Create>[0],
    options: ChannelOptions,
    callCredentials?: Parameters<Create>[2],
  ): experimental.SecureConnector {
    const connector = this.#inner._createSecureConnector(target, options, callCredentials);
    return {
      connect: (socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        return connector.connect(socket);
      },
      waitForReady: () => connector.waitForReady(),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy: () => connector.destroy(),
    };
  }
}
