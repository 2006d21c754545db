import { systemClock as clock } from '../../adapters/system-clock.ts';
import type { PermitPool } from '../../intake/permits.ts';
import type { Log } from '../../telemetry/log/log.ts';
import { Telemetry } from '../../telemetry/telemetry.ts';
import type { TracingSettings } from '../../telemetry/tracing/options.ts';
import { type Tracing, openTracing } from '../../telemetry/tracing/tracing.ts';
import type { FirstTries } from '../first-try/first-tries.ts';
import type { Identity } from '../identity.ts';
import type { Ports } from './open-ports.ts';
import type { Configuration, CoreSettings } from '../settings/read-settings.ts';
import { VERSION } from '../version.ts';
import type { WorkerGroup } from '../worker-group.ts';

const NOTHING_TRIED = { reasons: {}, untried: [], warnings: [] };

/** What telemetry shows, and what is there only once Redis has answered. */
export interface Parts {
  telemetry?: Telemetry;
  ports?: Ports;
  worker?: WorkerGroup;
  firstTries?: FirstTries;
}

interface Opening {
  readonly log: Log;
  readonly identity: Identity;
  readonly parts: Parts;
  readonly permits: PermitPool;
  /** Compute threads. */
  readonly threads: number;
  /** Fires when the consumer is to stop. */
  readonly stopping: AbortSignal;
}

/** Opens metrics, log lines of facts, traces and health. What was opened is closed with `open`. */
export async function openTelemetry(
  configuration: Configuration,
  { log, identity, parts, permits, threads, stopping }: Opening,
  open: AsyncDisposableStack,
): Promise<Telemetry> {
  const { consumers, concurrency } = configuration;
  const tracing = await openTraces(configuration.core, { log, identity });
  open.defer(() => tracing.close());
  return new Telemetry({
    log,
    clock,
    version: VERSION,
    hostName: identity.hostName,
    queues: consumers.map(({ workflow, queue }) => ({
      queue,
      workflow: workflow.name,
      metrics: workflow.metrics ?? [],
      depth: async () => parts.ports?.jobsOf(queue).queue.depth(),
    })),
    concurrency,
    permits,
    problems: {
      redis: () => (parts.ports ? parts.ports.redisProblem() : 'Redis has not answered yet.'),
      ...(consumers.some(({ usesModels }) => usesModels) && {
        models: () => parts.ports?.models.problem(),
      }),
    },
    firstFindings: () => parts.firstTries?.findings() ?? NOTHING_TRIED,
    stopping: () => parts.worker?.stopping ?? stopping.aborted,
    stalledAfterMs: configuration.core.stallTimeout * 1000,
    threads,
    modelsFull: () => parts.ports?.modelsFull() ?? false,
    computeWaiting: () => parts.ports?.compute.load().waiting ?? 0,
    tracing,
  });
}

function openTraces(
  core: CoreSettings,
  { log, identity }: Pick<Opening, 'log' | 'identity'>,
): Promise<Tracing> {
  return openTracing({
    settings: tracingSettings(core),
    clock,
    version: VERSION,
    warn: (message) => log.warn(message),
    ...identity,
  });
}

function tracingSettings(core: CoreSettings): TracingSettings {
  return {
    disabled: core.otelDisabled,
    exporter: core.otelTracesExporter,
    endpoint: core.otelEndpoint,
    tracesEndpoint: core.otelTracesEndpoint,
    headers: core.otelHeaders,
    serviceName: core.otelServiceName,
    resourceAttributes: core.otelResourceAttributes,
  };
}
