import type { Clock } from '../../ports.ts';
import type { Endpoint, EndpointSet } from './endpoint.ts';
import { messageOf } from '../../errors.ts';

/** An endpoint that can be let go. */
export interface ClosableEndpoint extends Endpoint {
  close(): void;
}

interface ResolvedEndpointsOptions {
  /** All addresses behind the name, `10.0.0.7:8500`; rejects if they cannot be had. */
  readonly resolve: () => Promise<readonly string[]>;
  readonly create: (address: string) => ClosableEndpoint;
  readonly resolveMs: number;
  readonly clock: Clock;
}

/**
 * One endpoint for each address behind a name. The name is looked up again and again: new addresses are used,
 * those that have gone get no more calls. While it cannot be looked up the last addresses stay.
 */
export class ResolvedEndpoints implements EndpointSet {
  readonly #options: ResolvedEndpointsOptions;
  readonly #closing = new AbortController();
  readonly #listeners: (() => void)[] = [];
  #endpoints: readonly ClosableEndpoint[] = [];
  #problem: string | undefined = 'The address of the model server is not known yet.';

  constructor(options: ResolvedEndpointsOptions) {
    this.#options = options;
    void this.#follow();
  }

  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  problem(): string | undefined {
    return this.#endpoints.length > 0 ? undefined : this.#problem;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const endpoint of this.#endpoints) endpoint.close();
    this.#endpoints = [];
  }

  async #follow(): Promise<void> {
    const { clock, resolveMs } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#lookUp();
      // Without any address, soon again: nothing works until there is one.
      const pauseMs = this.#endpoints.length > 0 ? resolveMs : Math.min(resolveMs, 1000);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  async #lookUp(): Promise<void> {
    try {
      const addresses = await this.#options.resolve();
      if (!this.#closing.signal.aborted) this.#use(new Set(addresses));
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #fail(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (this.#endpoints.length === 0) this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #use(addresses: ReadonlySet<string>): void {
    const known = new Set(this.#endpoints.map(({ address }) => address));
    if (known.size === addresses.size && known.values().every((address) => addresses.has(address)))
      return;
    const gone = this.#endpoints.filter(({ address }) => !addresses.has(address));
    const added = [...addresses].filter((address) => !known.has(address));
    this.#endpoints = [
      ...this.#endpoints.filter(({ address }) => addresses.has(address)),
      ...added.map((address) => this.#options.create(address)),
    ];
    this.#changed();
    for (const endpoint of gone) endpoint.close();
  }
}
