import type { ModelName, PredictRequest } from '../../../../ports.ts';

/** `NuclearSegmentation:6`. */
export function modelId({ name, version }: ModelName): string {
  return `${name}:${version}`;
}

/**
 * Requests of one kind may share a batch: same model and version, same outputs wanted, same inputs with the same
 * shape of a row. (The element type is float32 for all.) Requests that must stay whole are a kind apart.
 */
export function batchKind({ model, inputs, outputs, splittable }: PredictRequest): string {
  const rows = Object.keys(inputs)
    .sort()
    .map((name) => `${name}[${inputs[name]?.shape.slice(1).join()}]`);
  const wanted = outputs === undefined ? '*' : outputs.toSorted().join();
  return [modelId(model), wanted, ...rows, splittable ? 'rows' : 'whole'].join(' ');
}
