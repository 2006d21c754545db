import { modelId } from '../../../adapters/model-server/model-id.ts';
import { withTimeout } from '../../../abort.ts';
import { NO_CACHE, openModels } from '../../../consumer/open/open-models.ts';
import type { CoreSettings } from '../../../consumer/settings/read-settings.ts';
import { KnownError, classify } from '../../../errors.ts';
import type { ModelServer } from '../../../ports.ts';
import { modelCheck } from '../../doctor/model-checks.ts';
import type { NeededModel } from './needed-models.ts';

interface Trial {
  readonly core: CoreSettings;
  readonly needed: readonly NeededModel[];
  /** As the user named them: files, or an address. */
  readonly place: (model: string) => string;
  /** Hears what each model takes and gives. */
  readonly say: (line: string) => void;
}

/** For the server to answer, and for a model to compute a tile the first time. */
const REACH_MS = 5000;
const TILE_MS = 120_000;

/**
 * Runs each model on a tile of zeros, as a job would, before there is any job; throws for the first that does
 * not fit.
 */
export async function tryModels({ core, needed, place, say }: Trial): Promise<void> {
  const ignored = { metadataCache: NO_CACHE, onPredict: () => undefined, keptBytes: 0 };
  const server = await openModels({ core, ...ignored });
  try {
    const unreached = (): KnownError =>
      new KnownError(
        'model_server_unavailable',
        server.problem() ?? `No model server answers at ${core.tfHost}:${core.tfPort}.`,
      );
    const reached = await within(REACH_MS, unreached, (signal) => server.reached(signal));
    if (!reached) throw unreached();
    for (const use of needed) {
      const id = modelId(use.model);
      const of = place(id);
      const check = (): Promise<string> =>
        within(TILE_MS, tooSlow, async (signal) => {
          await checkChannels(server, use, signal);
          return modelCheck(server, use).run(signal);
        });
      say(`${of} as ${id} ${await fit(`${of} cannot be used as ${id}`, check)}`);
    }
  } finally {
    await server.close();
  }
}

/** In the words of a model that was chosen for the jobs; a job blames its image instead. */
async function checkChannels(
  server: ModelServer,
  { model, channels }: NeededModel,
  signal: AbortSignal,
): Promise<void> {
  const { inputs } = await server.signature(model, signal);
  const takes = inputs[0]?.shape?.at(-1) ?? -1;
  if (inputs.length !== 1 || channels === undefined || takes < 0 || takes === channels) return;
  const message = `It takes images of ${counted(takes)}, and these jobs give it ${counted(channels)}.`;
  throw new KnownError('model_mismatch', message);
}

function counted(channels: number): string {
  return channels === 1 ? '1 channel' : `${channels} channels`;
}

/** Says of which model and file an error is. */
async function fit(what: string, check: () => Promise<string>): Promise<string> {
  try {
    return await check();
  } catch (error) {
    const { code, message } = classify(error);
    throw new KnownError(code, `${what}: ${message}`, { cause: error });
  }
}

function within<Result>(
  timeoutMs: number,
  onTimeout: () => KnownError,
  ask: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return withTimeout({ signal: new AbortController().signal, timeoutMs, onTimeout }, ask);
}

function tooSlow(): KnownError {
  return new KnownError('model_deadline', `One tile took longer than ${TILE_MS / 1000} s.`);
}
