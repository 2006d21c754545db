import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

interface Pair {
  readonly client: Socket;
  readonly server: Socket | undefined;
  isFrozen: boolean;
}

/**
 * A TCP proxy that misbehaves as told, between a client and a real server: it cuts connections, falls silent in the
 * middle of them, takes new ones without a word, or delays all bytes.
 */
export class TcpFaultProxy {
  /** What happens to connections to come. `mute`: accepted, then nothing; `reset`: closed at once. */
  onNew: 'forward' | 'mute' | 'reset' = 'forward';
  /** Delay of each piece of data, in both directions. */
  delayMs = 0;
  /** Connections taken so far. */
  opened = 0;
  readonly #listener: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();

  private constructor(listener: Server, target: number) {
    this.#listener = listener;
    this.#target = target;
    listener.on('connection', (client) => this.#take(client));
  }

  /** A proxy on a free port of this machine to `targetPort` of this machine. */
  static async start(targetPort: number): Promise<TcpFaultProxy> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new TcpFaultProxy(listener, targetPort);
  }

  get port(): number {
    // A TCP server that listens has an address of this form.
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Resolves when the next connection has been taken. */
  async nextConnection(): Promise<void> {
    await once(this.#listener, 'connection');
  }

  /** What the connections of now carry is lost from here on, and they stay open: a half-open link. */
  freeze(): void {
    for (const pair of this.#pairs) pair.isFrozen = true;
  }

  /** Resets the connections of now. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server?.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #take(client: Socket): void {
    this.opened++;
    if (this.onNew === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const server = this.onNew === 'forward' ? connect(this.#target, '127.0.0.1') : undefined;
    const pair = { client, server, isFrozen: false };
    this.#pairs.add(pair);
    client.on('error', () => undefined);
    client.on('close', () => {
      this.#pairs.delete(pair);
      server?.destroy();
    });
    if (server === undefined) {
      client.resume();
      return;
    }
    server.on('error', () => undefined);
    server.on('close', () => client.destroy());
    this.#pass(pair, client, server);
    this.#pass(pair, server, client);
  }

  #pass(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      const write = (): boolean => pair.isFrozen || to.destroyed || to.write(bytes);
      if (this.delayMs > 0) setTimeout(write, this.delayMs);
      else write();
    });
  }
}
