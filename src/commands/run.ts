import { hostname, totalmem } from 'node:os';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { KnownError } from '../errors.ts';
import { type Emit, broadcast } from '../flow/events.ts';
import type { StageRuntime } from '../flow/run-stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import { PermitPool } from '../intake/permits.ts';
import { ProgressReporter } from '../outputs/progress.ts';
import { openLog } from '../telemetry/log.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { VERSION } from '../version.ts';
import { Worker } from '../worker.ts';
import { type Ports, openPorts } from './open-ports.ts';
import { type Configuration, readSettings } from './read-settings.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const FIRST_RETRY_MS = 1000;

/** Runs the consumer until it is told to stop. The result is the exit code. */
export async function run(): Promise<number> {
  const configuration = await readSettings();
  const { core, workflow, pipeline, concurrency } = configuration;
  const identity = { hostName: core.hostName ?? hostname(), queue: core.queue.toLowerCase() };
  const log = openLog({ level: core.logLevel, format: core.logFormat, ...identity });
  log.info({ workflow: workflow.name }, `Starting version ${VERSION}. ${workflow.summary}`);
  const starting = new AbortController();
  const signals = stopOnSignals(() => starting.abort());
  const permits = new PermitPool({
    jobs: core.jobsInFlight,
    bytes: core.bytesInFlight ?? halfOfMemory(),
  });
  const late: { ports?: Ports; worker?: Worker } = {};
  const telemetry = new Telemetry({
    log,
    clock,
    version: VERSION,
    workflow: workflow.name,
    ...identity,
    concurrency,
    permits,
    problems: {
      redis: () => (late.ports ? late.ports.store.problem() : 'Redis has not been reached yet.'),
      models: () => late.ports?.models.problem(),
    },
    stopping: () => late.worker?.stopping ?? starting.signal.aborted,
    queueDepth: async () => late.ports?.store.depth(),
  });
  const http = await telemetry.serve({ host: core.httpHost, port: core.httpPort });
  log.info({ httpPort: http.port }, `Metrics and status on port ${http.port}`);
  const ports = await openPorts({
    core,
    ...identity,
    signal: starting.signal,
    warn: (message) => log.warn(message),
    onPredict: telemetry.listenToPredictions,
  });
  late.ports = ports;
  const { store, models } = ports;
  const progress = new ProgressReporter({
    store,
    clock,
    hostName: identity.hostName,
    stages: pipeline.stages.map(({ name }) => name),
    emit: telemetry.listen,
  });
  const gate = new IntakeGate(() => models.problem());
  const worker = new Worker({
    queue: identity.queue,
    accepts: workflow.accepts,
    pipeline,
    store,
    permits,
    progress,
    runtime: stageRuntime(
      configuration,
      ports,
      broadcast(progress.listen, gate.listen, telemetry.listen),
    ),
    closedBecause: gate.closedBecause,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: core.shutdownGrace * 1000,
  });
  late.worker = worker;
  log.info(`Taking jobs from "${identity.queue}"`);
  signals.onStop(() => worker.stop());
  signals.onStopNow(() => worker.stopNow());

  const error = await worker.run();
  await Promise.allSettled([http.close(), closePorts(ports)]);
  signals.release();
  if (error) log.fatal({ code: error.code }, `Stopped: ${error.message}`);
  else log.info('Stopped');
  return exitCode(error);
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

async function closePorts({ store, models, compute, bucket }: Ports): Promise<void> {
  await Promise.allSettled([store.close(), models.close(), compute.close(), bucket.close()]);
}

/** Half of what the container may use; of the machine, where there is no limit. */
function halfOfMemory(): number {
  const limit = process.constrainedMemory();
  return Math.floor((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 2);
}

function exitCode(error: KnownError | undefined): number {
  return error === undefined ? 0 : 1;
}
