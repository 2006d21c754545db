import { modelId } from '../../adapters/model-server/model-id.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { stagesOf } from '../../flow/running/run-phases.ts';
import type { StagePorts } from '../../flow/stage.ts';
import type { OutageLog } from '../../telemetry/log/outage-log.ts';
import type { Configuration, ConfiguredConsumer } from '../settings/read-settings.ts';
import { FirstTries } from './first-tries.ts';
import { bucketTry } from './try-bucket.ts';
import { modelsTry } from './try-models.ts';

interface Surroundings {
  readonly ports: Pick<StagePorts, 'bucket' | 'models'>;
  readonly outages: OutageLog;
  /** Fires when the consumer is to stop. */
  readonly stopping: AbortSignal;
}

/**
 * Begins to try all that the consumers need besides Redis, which answers before, and waits for nothing. The
 * tries end with `open`.
 */
export function startFirstTries(
  { core, consumers }: Configuration,
  { ports, outages, stopping }: Surroundings,
  open: AsyncDisposableStack,
): FirstTries {
  const { bucket, models } = ports;
  const all = consumers.flatMap((one) => one.models);
  const distinct = [...new Map(all.map((one) => [modelId(one.model), one])).values()];
  const address = `${core.tfHost}:${core.tfPort}`;
  const needed = { models: distinct, isAll: !consumers.some(letsJobsNameModels) };
  const tries = [bucketTry(bucket, readersOf(consumers)), ...modelsTry(models, address, needed)];
  const tell = (what: string, problem: string | undefined): void => outages.tell(what, problem);
  const firstTries = new FirstTries({ tries, clock, tell });
  const closed = new AbortController();
  open.defer(() => closed.abort());
  void firstTries.run(AbortSignal.any([stopping, closed.signal]));
  return firstTries;
}

function readersOf(consumers: readonly ConfiguredConsumer[]): ReadonlySet<string> {
  const stages = consumers.flatMap(({ phases }) => stagesOf(phases));
  return new Set(stages.flatMap(({ name, remote }) => (remote === 'bucket_read' ? [name] : [])));
}

function letsJobsNameModels({ workflow: { fields = [] } }: ConfiguredConsumer): boolean {
  return fields.some(({ name }) => name === 'model_name');
}
