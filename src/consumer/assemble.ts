import { type Emit, broadcast } from '../facts/flow.ts';
import type { Breakers } from '../flow/circuit-breaker/breakers.ts';
import { stagesOf } from '../flow/run-phases.ts';
import { StagePlaces } from '../flow/places.ts';
import type { StageRuntime } from '../flow/stage-runtime.ts';
import type { StagePorts } from '../flow/stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import type { PermitPool } from '../intake/permits.ts';
import { Solo } from '../intake/solo.ts';
import type { JobFamilies } from '../ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Worker } from '../worker.ts';
import type { Identity } from './identity.ts';
import { remarksOnFields } from './field-remarks.ts';
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
  const { core, workflow, phases } = configuration;
  const { bucket, jobs, models } = ports;
  const stages = stagesOf(phases);
  const breakers = openBreakers({ core, stages, bucket, emit: (fact) => emit(fact) });
  const gate = new IntakeGate({ models: () => models.problem(), breakers });
  const emit = broadcast([gate.listen, telemetry.listen], telemetry.report);
  return new Worker({
    ...jobs,
    accepts: workflow.accepts,
    remarksOn: remarksOnFields(configuration.knownFields),
    phases,
    wakeOnFailure: workflow.wakeOnFailure ?? false,
    permits,
    solo: new Solo(),
    runtime: stageRuntime(configuration, {
      ports,
      hostName: identity.hostName,
      emit,
      breakers,
    }),
    gate,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: core.shutdownGrace * 1000,
  });
}

interface Surroundings {
  readonly ports: StagePorts & { readonly jobs: { readonly families: JobFamilies } };
  readonly hostName: string;
  readonly emit: Emit;
  readonly breakers: Breakers;
}

/** What stages run on, as the settings say. */
export function stageRuntime(
  { core, concurrency }: Pick<Configuration, 'core' | 'concurrency'>,
  { ports, hostName, emit, breakers }: Surroundings,
): StageRuntime {
  return {
    ports,
    families: ports.jobs.families,
    hostName,
    emit,
    breakers,
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
    places: new StagePlaces((stage) => concurrency.get(stage)),
    timeoutMs: core.stageTimeout * 1000,
    jobs: core.jobsInFlight,
  };
}
