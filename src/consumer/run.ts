import { availableParallelism, hostname, totalmem } from 'node:os';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { classify } from '../errors.ts';
import { type Emit, broadcast } from '../facts/flow.ts';
import type { StageRuntime } from '../flow/run-stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import { PermitPool } from '../intake/permits.ts';
import { ProgressReporter } from '../settlement/progress.ts';
import { type Log, openLog } from '../telemetry/log.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import type { TracingSettings } from '../telemetry/tracing/options.ts';
import { type Tracing, openTracing } from '../telemetry/tracing/tracing.ts';
import { VERSION } from './version.ts';
import { Worker } from '../worker.ts';
import { type Ports, openPorts } from './open-ports.ts';
import { type Configuration, type CoreSettings, readSettings } from './read-settings.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const FIRST_RETRY_MS = 1000;

/** What telemetry looks at, and what is there only once Redis has answered. */
interface Parts {
  ports?: Ports;
  worker?: Worker;
}

interface Identity {
  readonly queue: string;
  readonly hostName: string;
}

/** Runs the consumer until it is told to stop. The result is the exit code. */
export async function run(): Promise<number> {
  const configuration = await readSettings();
  const { core, workflow } = configuration;
  const identity = { hostName: core.hostName ?? hostname(), queue: core.queue.toLowerCase() };
  const log = openLog({ level: core.logLevel, format: core.logFormat, ...identity });
  log.info({ workflow: workflow.name }, `Starting version ${VERSION}. ${workflow.summary}`);

  const warn = (message: string): void => log.warn(message);
  const starting = new AbortController();
  const signals = stopOnSignals(() => starting.abort());
  const permits = new PermitPool({
    jobs: core.jobsInFlight,
    bytes: core.bytesInFlight ?? halfOfMemory(),
  });
  const parts: Parts = {};
  const settings = tracingSettings(core);
  const tracing = await openTracing({ settings, clock, version: VERSION, warn, ...identity });
  const telemetry = openTelemetry(configuration, {
    parts,
    log,
    permits,
    identity,
    starting: starting.signal,
    tracing,
  });
  const http = await telemetry.serve({ host: core.httpHost, port: core.httpPort });
  log.info({ httpPort: http.port }, `Metrics and status on port ${http.port}`);
  try {
    parts.ports = await openPorts({
      core,
      ...identity,
      signal: starting.signal,
      warn,
      onPredict: telemetry.listenToPredictions,
      onKernel: telemetry.listenToKernels,
      threads: threadsOf(configuration),
    });
    const worker = assemble(configuration, { ports: parts.ports, permits, telemetry, identity });
    parts.worker = worker;
    signals.onStop(() => worker.stop());
    signals.onStopNow(() => worker.stopNow());
    log.info(`Taking jobs from "${identity.queue}"`);
    const error = await worker.run();
    if (error) throw error;
    log.info('Stopped');
    return 0;
  } catch (thrown) {
    if (starting.signal.aborted && parts.ports === undefined) return 0;
    const error = classify(thrown);
    log.fatal({ code: error.code, err: error.cause }, `Stopped: ${error.message}`);
    return 1;
  } finally {
    signals.release();
    await Promise.allSettled([http.close(), closePorts(parts.ports), tracing.close()]);
  }
}

interface Listening {
  readonly parts: Parts;
  readonly log: Log;
  readonly permits: PermitPool;
  readonly identity: Identity;
  readonly starting: AbortSignal;
  readonly tracing: Tracing;
}

function openTelemetry(
  configuration: Configuration,
  { parts, log, permits, identity, starting, tracing }: Listening,
): Telemetry {
  const { workflow, concurrency } = configuration;
  return new Telemetry({
    log,
    clock,
    version: VERSION,
    workflow: workflow.name,
    ...identity,
    concurrency,
    permits,
    problems: {
      redis: () => (parts.ports ? parts.ports.store.problem() : 'Redis has not been reached yet.'),
      models: () => parts.ports?.models.problem(),
    },
    stopping: () => parts.worker?.stopping ?? starting.aborted,
    queueDepth: async () => parts.ports?.store.depth(),
    threads: threadsOf(configuration),
    computeWaiting: () => parts.ports?.compute.load().waiting ?? 0,
    tracing,
  });
}

function threadsOf({ core }: Configuration): number {
  return core.computeThreads ?? availableParallelism();
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

interface Assembly {
  readonly ports: Ports;
  readonly permits: PermitPool;
  readonly telemetry: Telemetry;
  readonly identity: Identity;
}

function assemble(
  configuration: Configuration,
  { ports, permits, telemetry, identity }: Assembly,
): Worker {
  const { core, workflow, pipeline } = configuration;
  const { store, models } = ports;
  const gate = new IntakeGate(() => models.problem());
  const progress = new ProgressReporter({
    store,
    clock,
    hostName: identity.hostName,
    stages: pipeline.stages.map(({ name }) => name),
    emit: telemetry.listen,
  });
  const emit = broadcast([progress.listen, gate.listen, telemetry.listen], telemetry.report);
  return new Worker({
    queue: identity.queue,
    accepts: workflow.accepts,
    pipeline,
    store,
    permits,
    progress,
    runtime: stageRuntime(configuration, ports, emit),
    closedBecause: gate.closedBecause,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: core.shutdownGrace * 1000,
  });
}

function stageRuntime(
  { core, concurrency }: Configuration,
  ports: Ports,
  emit: Emit,
): StageRuntime {
  return {
    ports,
    emit,
    limits: {
      maxFileBytes: core.maxFileBytes,
      maxHeight: core.maxImageHeight,
      maxWidth: core.maxImageWidth,
      maxFrames: core.maxImageFrames,
    },
    retry: {
      firstDelayMs: FIRST_RETRY_MS,
      longestDelayMs: core.storageMaxBackoff * 1000,
      budgetMs: core.retryBudget * 1000,
      random: Math.random,
    },
    concurrencyOf: (stage) => concurrency.get(stage.name) ?? stage.concurrency,
    jobs: core.jobsInFlight,
  };
}

async function closePorts(ports: Ports | undefined): Promise<void> {
  const { store, models, compute, bucket } = ports ?? {};
  await Promise.allSettled([store?.close(), models?.close(), compute?.close(), bucket?.close()]);
}

/** Half of what the container may use; of the machine, where there is no limit. */
function halfOfMemory(): number {
  const limit = process.constrainedMemory();
  return Math.floor((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 2);
}
