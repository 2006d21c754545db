import { status } from '@grpc/grpc-js';
import type { Clock } from '../../../ports.ts';
import { Connection, type ConnectionTarget, type UnaryCall } from './connection.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { isServiceError } from './status-error.ts';

export interface ConnectionsOptions {
  readonly target: ConnectionTarget;
  readonly settings: Pick<ConnectionSettings, 'connections' | 'connectMs' | 'renewMs'>;
  readonly clock: Clock;
}

interface Kept {
  readonly connection: Connection;
  readonly bornAt: number;
  /** True while we wait for the server to accept the connection. */
  watched: boolean;
}

/**
 * The connections to one address. Calls go where the fewest bytes are under way. A connection that stays mute is
 * replaced: one that the server does not accept in time, and one over which nothing came while a call missed its
 * deadline. Each is renewed now and then, because behind one address there may be new servers.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #closing = new AbortController();
  #kept: Kept[];

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#kept = Array.from({ length: options.settings.connections }, () => this.#create());
    void this.#renewForever();
  }

  /** Rejects with the ServiceError of gRPC. */
  async unary(call: UnaryCall): Promise<Buffer> {
    const kept = this.#pick();
    const { connection } = kept;
    const answersBefore = connection.answers;
    if (!connection.isReady && !kept.watched) void this.#watch(kept);
    try {
      return await connection.unary(call);
    } catch (error) {
      const missed = isServiceError(error) && error.code === status.DEADLINE_EXCEEDED;
      if (missed && connection.answers === answersBefore) this.#replace(kept);
      throw error;
    }
  }

  /** Lets the calls under way end. */
  close(): void {
    this.#closing.abort();
    for (const { connection } of this.#kept) connection.retire();
  }

  #create(): Kept {
    const { target, clock } = this.#options;
    return { connection: new Connection(target), bornAt: clock.monotonic(), watched: false };
  }

  #pick(): Kept {
    return this.#kept.reduce((best, kept) => (rank(kept) < rank(best) ? kept : best));
  }

  /** Closes a connection that the server does not accept: gRPC itself would wait for ever. */
  async #watch(kept: Kept): Promise<void> {
    kept.watched = true;
    try {
      await kept.connection.connected(this.#options.settings.connectMs);
    } catch {
      if (!kept.connection.isBroken && this.#replace(kept)) kept.connection.destroy();
    } finally {
      kept.watched = false;
    }
  }

  /** False if somebody else has replaced it. */
  #replace(kept: Kept, replacement?: Kept): boolean {
    const index = this.#kept.indexOf(kept);
    if (index < 0 || this.#closing.signal.aborted) return false;
    this.#kept[index] = replacement ?? this.#create();
    kept.connection.retire();
    return true;
  }

  async #renewForever(): Promise<void> {
    const { clock, settings } = this.#options;
    const { signal } = this.#closing;
    const pauseMs = settings.renewMs / settings.connections;
    while (!signal.aborted) {
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#renewOldest();
    }
  }

  /** Renews the oldest connection that has been used, once its successor is there. */
  async #renewOldest(): Promise<void> {
    const { clock, settings } = this.#options;
    const old = this.#kept
      .filter(({ connection }) => connection.isReady)
      .toSorted((one, other) => one.bornAt - other.bornAt)[0];
    if (old === undefined || clock.monotonic() - old.bornAt < settings.renewMs) return;
    const successor = this.#create();
    try {
      await successor.connection.connected(settings.connectMs);
      if (!this.#replace(old, successor)) successor.connection.destroy();
    } catch {
      // The old one may still do; calls will tell.
      successor.connection.destroy();
    }
  }
}

/** Bytes under way, but any other before one that could not connect. */
function rank({ connection }: Kept): number {
  return connection.bytes + (connection.isBroken ? Number.MAX_SAFE_INTEGER / 2 : 0);
}
