import { sizeOf } from '../../../../imaging/array.ts';
import type { BatchCall, BatchTensor } from '../../endpoint.ts';
import type { PendingRequest } from '../requests/pending-request.ts';

/** The shapes of a small request for a model. */
type ProbeForm = Pick<BatchCall, 'model' | 'outputs'> & {
  readonly inputs: readonly Omit<BatchTensor, 'parts'>[];
  readonly elements: number;
};

interface ModelUse {
  workedAt: number;
  probe: ProbeForm | undefined;
}

/** Models that are remembered: names may come from users, who may make up any number of them. */
const MOST_MODELS = 256;

/** What is known of models wherever they are served: when each worked last, and the smallest request for it. */
export class ModelUses {
  readonly #uses = new Map<string, ModelUse>();
  #workedAt = -Infinity;

  /** A request for a model was seen. */
  learn(request: PendingRequest): void {
    const use = this.#use(request.model);
    const form = probeForm(request);
    if (form.elements < (use.probe?.elements ?? Infinity)) use.probe = form;
  }

  /** A prediction, or a probe, has succeeded. */
  worked(model: string, now: number): void {
    this.#use(model).workedAt = now;
    this.#workedAt = now;
  }

  /** When the model worked last, on any server. */
  workedAt(model: string): number {
    return this.#uses.get(model)?.workedAt ?? -Infinity;
  }

  /** True if any model worked after a moment. */
  anyWorkedSince(moment: number): boolean {
    return this.#workedAt > moment;
  }

  /** A real but small prediction, of zeros; undefined if no request for the model was seen. */
  probe(
    model: string,
    { deadlineMs, signal }: Pick<BatchCall, 'deadlineMs' | 'signal'>,
  ): BatchCall | undefined {
    const form = this.#uses.get(model)?.probe;
    if (form === undefined) return undefined;
    const inputs = form.inputs.map((input) => ({
      ...input,
      parts: [new Float32Array(sizeOf(input.shape))],
    }));
    const { outputs } = form;
    return { model: form.model, inputs, ...(outputs && { outputs }), deadlineMs, signal };
  }

  #use(model: string): ModelUse {
    const known = this.#uses.get(model);
    if (known !== undefined) return known;
    const [oldest] = this.#uses.size < MOST_MODELS ? [] : this.#uses.keys();
    if (oldest !== undefined) this.#uses.delete(oldest);
    const use = { workedAt: -Infinity, probe: undefined };
    this.#uses.set(model, use);
    return use;
  }
}

/** One row of the request, or all if they must stay together. */
function probeForm({ asked, form }: PendingRequest): ProbeForm {
  const { model, inputs, outputs, splittable } = asked;
  const tensors = Object.entries(inputs).map(([name, { shape }]) => ({
    name,
    type: form.types.get(name) ?? 'float32',
    shape: splittable ? [1, ...shape.slice(1)] : shape,
  }));
  const elements = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { model, inputs: tensors, elements, ...(outputs && { outputs }) };
}
