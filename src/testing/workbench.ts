import { totalmem } from 'node:os';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { jobAcceptance, stageRuntime } from '../consumer/assemble.ts';
import { remarksOnFields } from '../consumer/field-remarks.ts';
import { containerLimit, memoryBudget } from '../consumer/memory/memory-budget.ts';
import type { CoreSettings } from '../consumer/settings/read-settings.ts';
import type { Fact } from '../facts/flow.ts';
import { StagePlaces } from '../flow/running/places.ts';
import type { Phases } from '../flow/running/run-phases.ts';
import type { StagePorts } from '../flow/stage.ts';
import { IntakeGate } from '../intake/gate.ts';
import { PermitPool } from '../intake/permits.ts';
import { Solo } from '../intake/solo.ts';
import { Worker } from '../worker.ts';
import type { CheckedWorkflow } from './checked-workflow.ts';
import { InMemoryJobs } from './in-memory-jobs.ts';

/** How often a worker looks for jobs that no worker holds; there are none here. */
const RECONCILE_MS = 60_000;
/** When a run is over nothing is left to finish. */
const GRACE_MS = 0;

interface Benched extends CheckedWorkflow {
  readonly queue: string;
}

interface WorkbenchOptions {
  readonly ports: StagePorts;
  readonly listen: (fact: Fact) => void;
}

/** Workers of several queues in this process, as in a cluster, over jobs in memory. */
export class Workbench {
  readonly jobs = new InMemoryJobs(clock);
  readonly #options: WorkbenchOptions;
  readonly #queues = new Set<string>();
  readonly #running: (readonly [Worker, Promise<void>])[] = [];

  constructor(options: WorkbenchOptions) {
    this.#options = options;
  }

  /** Starts a worker. `onFatal` is called if it stops by itself. */
  start({ workflow, core, phases, queue }: Benched, onFatal: (error: Error) => void): void {
    const worker = this.#worker({ workflow, core, phases, queue });
    const run = worker.run().then((error) => error && onFatal(error));
    this.#queues.add(queue);
    this.#running.push([worker, run]);
  }

  /** Queues with jobs that no worker here takes. */
  unserved(): string[] {
    const { lists } = this.jobs.state;
    return [...lists.keys()].filter(
      (list) => !list.startsWith('processing-') && !this.#queues.has(list),
    );
  }

  async close(): Promise<void> {
    for (const [worker] of this.#running) worker.stopNow();
    await Promise.all(this.#running.map(([, run]) => run));
  }

  #worker({ workflow, core, phases, queue }: Benched): Worker {
    const { ports, listen } = this.#options;
    const jobs = this.jobs.consumer({ queue, popSeconds: core.emptyQueueTimeout });
    const breakers = new Map();
    const surroundings = {
      ports,
      families: jobs.families,
      hashes: jobs.hashes,
      hostName: 'test',
      queue,
      emit: listen,
      breakers,
      places: new StagePlaces(),
      metrics: workflow.metrics ?? [],
    };
    const fields = workflow.fields?.map(({ name }) => name);
    return new Worker({
      ...jobs,
      accepts: jobAcceptance(workflow),
      remarksOn: remarksOnFields(fields && new Set(fields)),
      phases,
      wakeOnFailure: workflow.wakeOnFailure ?? false,
      permits: permitsOf(core),
      solo: new Solo(),
      runtime: stageRuntime(core, surroundings),
      gate: new IntakeGate({ models: () => ports.models.problem(), breakers }),
      reconcileIntervalMs: RECONCILE_MS,
      graceMs: GRACE_MS,
    });
  }
}

function permitsOf(core: CoreSettings): PermitPool {
  const limit = containerLimit();
  const budget = memoryBudget({ limit, total: totalmem(), threads: 1, jobs: core.bytesInFlight });
  return new PermitPool({
    jobs: core.jobsInFlight,
    bytes: budget.jobs,
    most: budget.most,
    isTight: () => false,
  });
}

/** The same stages; `onNote` hears what they add to the hash of the job `key`. */
export function overheard(
  phases: Phases,
  key: string,
  onNote: (fields: Readonly<Record<string, string | number>>) => void,
): Phases {
  const entries = Object.entries(phases).map(([phase, stages]) => [
    phase,
    stages.map((stage): (typeof stages)[number] => ({
      ...stage,
      run: (value, context) => {
        if (context.job.key !== key) return stage.run(value, context);
        const note = (fields: Readonly<Record<string, string | number>>): void => {
          onNote(fields);
          context.note(fields);
        };
        return stage.run(value, { ...context, note });
      },
    })),
  ]);
  return Object.fromEntries(entries) as Phases;
}
