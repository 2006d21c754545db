import { type Emit, type Fact, broadcast } from '../facts/flow.ts';
import type { Breakers } from '../flow/circuit-breaker/breakers.ts';
import type { OwnMetric } from '../facts/own-metric.ts';
import { stagesOf } from '../flow/running/run-phases.ts';
import { StagePlaces } from '../flow/running/places.ts';
import type { StageRuntime } from '../flow/running/stage-runtime.ts';
import type { StagePorts } from '../flow/stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import { acceptanceOf } from '../flow/acceptance.ts';
import type { Workflow } from '../flow/workflow.ts';
import { WORKFLOWS } from '../workflows/index.ts';
import type { PermitPool } from '../intake/permits.ts';
import { Solo } from '../intake/solo.ts';
import type { JobFamilies, JobHashes } from '../ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Worker } from '../worker.ts';
import type { Identity } from './identity.ts';
import { remarksOnFields } from './field-remarks.ts';
import { openBreakers } from './open/open-breakers.ts';
import type { Ports } from './open/open-ports.ts';
import type { Configuration, ConfiguredConsumer, CoreSettings } from './settings/read-settings.ts';
import { WorkerGroup } from './worker-group.ts';

const FIRST_RETRY_MS = 1000;

interface Parts {
  readonly ports: Ports;
  readonly permits: PermitPool;
  readonly telemetry: Telemetry;
  readonly identity: Identity;
  /** Hears what becomes of the jobs of all queues. */
  readonly alsoTell: Emit;
}

/**
 * Puts a worker together for each queue. They share everything that is bounded: permits with their memory,
 * places in stages, compute threads, and the breakers and connections of remotes.
 */
export function assemble(configuration: Configuration, parts: Parts): WorkerGroup {
  const { core, consumers, concurrency } = configuration;
  const { bucket, models } = parts.ports;
  const { telemetry, alsoTell } = parts;
  const stages = consumers.flatMap(({ phases }) => stagesOf(phases));
  const toAll = (fact: Fact): void => {
    for (const { gate } of doors) gate.listen(fact);
    telemetry.listen(fact);
  };
  const breakers = openBreakers({ core, stages, bucket, emit: toAll });
  const doors = consumers.map((consumer) => {
    const trouble = (): string | undefined => (consumer.usesModels ? models.problem() : undefined);
    return { consumer, gate: new IntakeGate({ models: trouble, breakers }) };
  });
  const solo = new Solo();
  const places = new StagePlaces((stage) => concurrency.get(stage));
  const workers = doors.map(({ consumer, gate }) => {
    const emit = broadcast(
      [gate.listen, telemetry.listenTo(consumer.queue), alsoTell],
      telemetry.report,
    );
    return workerOf(consumer, parts, { core, breakers, places, solo, gate, emit });
  });
  return new WorkerGroup(workers);
}

interface Shared {
  readonly core: CoreSettings;
  readonly breakers: Breakers;
  readonly places: StagePlaces;
  readonly solo: Solo;
  readonly gate: IntakeGate;
  readonly emit: Emit;
}

function workerOf(
  { workflow, queue, phases, knownFields }: ConfiguredConsumer,
  { ports, permits, identity }: Parts,
  { core, breakers, places, solo, gate, emit }: Shared,
): Worker {
  const jobs = ports.jobsOf(queue);
  return new Worker({
    ...jobs,
    accepts: jobAcceptance(workflow),
    remarksOn: remarksOnFields(knownFields),
    phases,
    wakeOnFailure: workflow.wakeOnFailure ?? false,
    permits,
    solo,
    runtime: stageRuntime(core, {
      ports,
      families: jobs.families,
      hashes: jobs.hashes,
      hostName: identity.hostName,
      queue,
      emit,
      breakers,
      places,
      metrics: workflow.metrics ?? [],
    }),
    gate,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: core.shutdownGrace * 1000,
  });
}

/** Whether a workflow can work on a job. The stages of those that are built in check their fields themselves. */
export function jobAcceptance(workflow: Workflow): Workflow['accepts'] {
  return WORKFLOWS.includes(workflow) ? workflow.accepts : acceptanceOf(workflow);
}

interface Surroundings {
  readonly ports: StagePorts;
  readonly families: JobFamilies;
  readonly hashes: Pick<JobHashes, 'update'>;
  readonly hostName: string;
  readonly queue: string;
  readonly emit: Emit;
  readonly breakers: Breakers;
  readonly places: StagePlaces;
  /** Those that the workflow declares. */
  readonly metrics: readonly OwnMetric[];
}

/** What stages run on, as the settings say. */
export function stageRuntime(core: CoreSettings, surroundings: Surroundings): StageRuntime {
  return {
    ...surroundings,
    limits: {
      maxFileBytes: core.maxFileBytes,
      maxHeight: core.maxImageHeight,
      maxWidth: core.maxImageWidth,
      maxFrames: core.maxImageFrames,
    },
    scratchBytes: surroundings.ports.compute.scratchBytes ?? 0,
    retry: {
      firstDelayMs: FIRST_RETRY_MS,
      longestDelayMs: core.storageMaxBackoff * 1000,
      budgetMs: core.retryBudget * 1000,
      random: Math.random,
    },
    timeoutMs: core.stageTimeout * 1000,
  };
}
