import type { ModelName, ModelServer } from '../../ports.ts';

/** What one stage waits for at model servers. */
export class ModelWaits {
  readonly #models: ModelServer;
  /** One for each call. */
  readonly #waiting = new Set<{ readonly model: ModelName }>();

  constructor(models: ModelServer) {
    this.#models = models;
  }

  /** True while a model that the stage waits for works nowhere: it is not the stage that takes so long. */
  get areInVain(): boolean {
    for (const { model } of this.#waiting) {
      if (this.#models.problem(model) !== undefined) return true;
    }
    return false;
  }

  /** What the stage is to call. */
  port(): ModelServer {
    const models = this.#models;
    return {
      signature: (model, signal) => this.#during(model, () => models.signature(model, signal)),
      predict: (request) => this.#during(request.model, () => models.predict(request)),
      problem: (model) => models.problem(model),
      close: () => models.close(),
    };
  }

  async #during<Answer>(model: ModelName, ask: () => Promise<Answer>): Promise<Answer> {
    const wait = { model };
    this.#waiting.add(wait);
    try {
      return await ask();
    } finally {
      this.#waiting.delete(wait);
    }
  }
}
