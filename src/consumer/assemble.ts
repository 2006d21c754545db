import { systemClock as clock } from '../adapters/system-clock.ts';
import { type Emit, broadcast } from '../facts/flow.ts';
import type { Breakers } from '../flow/circuit-breaker/breakers.ts';
import type { StageRuntime } from '../flow/run-stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import type { PermitPool } from '../intake/permits.ts';
import { ProgressReporter } from '../settlement/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Worker } from '../worker.ts';
import type { Identity } from './identity.ts';
import { openBreakers } from './open-breakers.ts';
import type { Ports } from './open-ports.ts';
import type { Configuration } from './read-settings.ts';

const FIRST_RETRY_MS = 1000;

interface Parts {
  readonly ports: Ports;
  readonly permits: PermitPool;
  readonly telemetry: Telemetry;
  readonly identity: Identity;
}

/** Puts the worker together from its parts. */
export function assemble(
  configuration: Configuration,
  { ports, permits, telemetry, identity }: Parts,
): Worker {
  const { core, workflow, pipeline } = configuration;
  const { bucket, store, models } = ports;
  const { stages } = pipeline;
  const breakers = openBreakers({ core, stages, bucket, emit: (fact) => emit(fact) });
  const gate = new IntakeGate({ models: () => models.problem(), breakers });
  const progress = new ProgressReporter({
    store,
    clock,
    hostName: identity.hostName,
    stages: stages.map(({ name }) => name),
    emit: telemetry.listen,
  });
  const listeners = [progress.listen, gate.listen, telemetry.listen];
  const emit = broadcast(listeners, telemetry.report);
  return new Worker({
    queue: identity.queue,
    accepts: workflow.accepts,
    pipeline,
    store,
    permits,
    progress,
    runtime: stageRuntime(configuration, ports, { emit, breakers }),
    closedBecause: gate.closedBecause,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: core.shutdownGrace * 1000,
  });
}

function stageRuntime(
  { core, concurrency }: Configuration,
  ports: Ports,
  wiring: { readonly emit: Emit; readonly breakers: Breakers },
): StageRuntime {
  return {
    ports,
    ...wiring,
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
