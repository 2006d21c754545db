import type { TestContext } from 'node:test';
import type { ConnectionSettings } from '../../../src/adapters/model-server/connection/connection-settings.ts';
import type { PredictFact } from '../../../src/facts/predict.ts';
import { ModelServerClient } from '../../../src/adapters/model-server/model-server-client.ts';
import { modelServerEndpoints } from '../../../src/adapters/model-server/model-server-endpoints.ts';
import {
  DEFAULT_SCHEDULER_SETTINGS,
  type SchedulerSettings,
} from '../../../src/adapters/model-server/scheduler/settings.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { classify } from '../../../src/errors.ts';
import type { ModelName, Prediction } from '../../../src/ports.ts';

interface RealClientOptions {
  /** Ports of this machine behind the name that the client is given. */
  readonly lookUp: () => Promise<readonly number[]>;
  readonly connections?: Partial<ConnectionSettings>;
  readonly settings?: Partial<SchedulerSettings>;
}

type Test = (fact: PredictFact) => boolean;

/** A client of real servers on this machine, in which what takes seconds takes fractions of them. */
export class RealClient {
  readonly client: ModelServerClient;
  readonly facts: PredictFact[] = [];
  readonly #awaited = new Map<Test, () => void>();

  constructor(context: TestContext, { lookUp, connections, settings }: RealClientOptions) {
    this.client = new ModelServerClient({
      endpoints: modelServerEndpoints({
        host: 'model-servers',
        port: 0,
        protocol: 'tfserving',
        security: { type: 'plain' },
        clock: systemClock,
        settings: { resolveMs: 50, connectMs: 200, probeMs: 500, ...connections },
        lookUp: async () => (await lookUp()).map((port) => `127.0.0.1:${port}`),
      }),
      clock: systemClock,
      random: Math.random,
      settings: { ...DEFAULT_SCHEDULER_SETTINGS, backoffMs: 200, probeMs: 200, ...settings },
      maxRows: () => 32,
      metadataCache: { put: async () => undefined },
      metadataExpireSeconds: 30,
      emit: (fact) => this.#hear(fact),
    });
    context.after(() => this.client.close());
  }

  /** Resolves at the next such fact. */
  async next(test: Test): Promise<void> {
    await new Promise<void>((resolve) => this.#awaited.set(test, resolve));
  }

  /** Doubles rows `[number, 1]`; resolves to the first elements of the results, or to the code of the error. */
  async double(job: string, numbers: readonly number[]): Promise<number[] | string> {
    const data = numbers.flatMap((number) => [number, 1]);
    const model = { name: 'Double', version: 3 };
    try {
      const outputs = await this.predict(job, model, {
        image: { shape: [numbers.length, 2], data },
      });
      return [...(outputs.get('doubled')?.data ?? [])].filter((_, index) => index % 2 === 0);
    } catch (error) {
      return classify(error).code;
    }
  }

  /** Runs a model on rows that may be split. */
  async predict(
    job: string,
    { name, version }: ModelName,
    inputs: Readonly<Record<string, { shape: readonly number[]; data: readonly number[] }>>,
  ): Promise<Prediction['outputs']> {
    const { signal } = new AbortController();
    const arrays = Object.entries(inputs).map(([input, { shape, data }]) => [
      input,
      { shape, data: Float32Array.from(data) },
    ]);
    const { outputs } = await this.client.predict({
      model: { name, version },
      inputs: Object.fromEntries(arrays),
      job,
      queue: 'predict',
      splittable: true,
      signal,
    });
    return outputs;
  }

  #hear(fact: PredictFact): void {
    this.facts.push(fact);
    for (const [test, resolve] of this.#awaited) {
      if (!test(fact)) continue;
      this.#awaited.delete(test);
      resolve();
    }
  }
}
