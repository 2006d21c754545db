import type {
  BatchCall,
  BatchReply,
  Endpoint,
  EndpointSet,
} from '../../../../src/adapters/model-server/endpoint.ts';
import { CallError, type FailureReason } from '../../../../src/adapters/model-server/call-error.ts';
import type { Clock, ModelSignature } from '../../../../src/ports.ts';

interface Script {
  readonly clock: Clock;
  readonly address?: string;
  /** Calls computed at a time; the others wait. */
  readonly parallel?: number;
  /** How long a call of so many rows is computed. */
  readonly ms?: (rows: number) => number;
  /** Throws what the server is to answer instead. */
  readonly refuse?: (rows: number[]) => void;
}

export function refusal(
  type: Exclude<FailureReason['type'], 'too many rows'>,
  message: string,
): CallError {
  return new CallError({ type }, message);
}

function unavailable(): CallError {
  return refusal('no answer', 'connection refused');
}

/** A model server in memory that doubles its input. */
export class ScriptedEndpoint implements Endpoint {
  readonly address: string;
  parallel: number;
  ms: (rows: number) => number;
  refuse: (rows: number[]) => void;
  /** Of each call. */
  readonly deadlines: number[] = [];
  /** Models that never answer. */
  hangs: (model: string) => boolean = () => false;
  /** Shape of the input of each call. */
  readonly shapes: (readonly number[])[] = [];
  /** False: connections are refused. */
  alive = true;
  /** Rows of each call, in the order of their arrival. */
  readonly calls: number[][] = [];
  /** False: the model is not loaded. */
  loaded = true;
  /** Questions for the signature of a model. */
  questions = 0;
  probes = 0;
  readonly #clock: Clock;
  #computing = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ clock, address = 'a:8500', parallel = Infinity, ms = () => 100, refuse }: Script) {
    this.#clock = clock;
    this.address = address;
    this.parallel = parallel;
    this.ms = ms;
    this.refuse = refuse ?? (() => undefined);
  }

  async send({ model, inputs, signal, deadlineMs }: BatchCall): Promise<BatchReply> {
    const values = inputs.flatMap(({ parts }) => parts.flatMap((part) => [...part]));
    const shape = inputs[0]?.shape ?? [];
    const [rows = 0, width = 0] = shape;
    this.calls.push(Array.from({ length: rows }, (_, row) => values[row * width] ?? Number.NaN));
    this.deadlines.push(deadlineMs);
    this.shapes.push(shape);
    if (!this.alive) throw unavailable();
    if (this.hangs(model.name)) {
      await this.#clock.sleep(deadlineMs, signal);
      throw refusal('deadline', 'too late');
    }
    const start = this.#clock.monotonic();
    if (this.#computing >= this.parallel) await this.#turn();
    this.#computing++;
    try {
      await this.#clock.sleep(this.ms(rows), signal);
    } finally {
      this.#computing--;
      this.#waiting.shift()?.();
    }
    if (!this.alive) throw unavailable();
    if (this.#clock.monotonic() - start > deadlineMs) throw refusal('deadline', 'too late');
    this.refuse(values.filter((_, index) => index % width === 0));
    const doubled = Float32Array.from(values, (value) => 2 * value);
    return { outputs: new Map([['double', { shape, bytes: new Uint8Array(doubled.buffer) }]]) };
  }

  async signature(): Promise<ModelSignature> {
    this.questions++;
    if (!this.alive) throw unavailable();
    if (!this.loaded) throw refusal('unknown model', 'no such model');
    return { inputs: [{ name: 'image', type: 'float32', shape: [-1, 2] }], outputs: [] };
  }

  async probe(): Promise<void> {
    this.probes++;
    if (!this.alive) throw unavailable();
  }

  async #turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }
}

/** Servers that come and go as told. */
export class ScriptedEndpoints implements EndpointSet {
  endpoints: readonly Endpoint[];
  #listener: () => void = () => undefined;

  constructor(...endpoints: Endpoint[]) {
    this.endpoints = endpoints;
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  become(...endpoints: Endpoint[]): void {
    this.endpoints = endpoints;
    this.#listener();
  }

  problem(): string | undefined {
    return this.endpoints.length === 0 ? 'no address' : undefined;
  }

  async close(): Promise<void> {}
}
