import { classify } from '../../errors.ts';
import type { ModelServer } from '../../ports.ts';
import type { FirstTry, Found } from './first-tries.ts';
import type { NamedModel } from '../named-models.ts';

type Named = Pick<NamedModel, 'model' | 'variable'>;

interface Needed {
  readonly models: readonly Named[];
  /** Whether jobs can name no others. */
  readonly isAll: boolean;
}

/** Asks for the inputs of each model. One that no server knows hinders its own jobs; if there are no others, all. */
export function modelsTry(
  server: ModelServer,
  address: string,
  { models, isAll }: Needed,
): FirstTry[] {
  if (models.length === 0) return [];
  return [
    {
      name: 'models',
      what: 'The model server',
      attempt: (signal) => tryModels(server, { models, isAll }, signal),
      trouble: () => server.problem(),
      remedy: `TF_HOST and TF_PORT say ${address}.`,
    },
  ];
}

async function tryModels(
  server: ModelServer,
  { models, isAll }: Needed,
  signal: AbortSignal,
): Promise<Found> {
  const problems = await Promise.all(models.map((one) => problemOf(one, server, signal)));
  const missing = problems.filter((problem) => problem !== undefined);
  if (missing.length === 0) return { state: 'up' };
  const problem = missing.join(' ');
  return { state: isAll && missing.length === models.length ? 'down' : 'partly', problem };
}

/** Why a model cannot be used; rejects if the signal fires first. */
async function problemOf(
  { model, variable }: Named,
  server: ModelServer,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await server.signature(model, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const { message } = classify(error);
    const remedy = variable === undefined ? 'Load it.' : `Load it, or set ${variable}.`;
    return `${message.replace(/[^.]$/, '$&.')} ${remedy}`;
  }
}
