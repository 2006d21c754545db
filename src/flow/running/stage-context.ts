import { claimLost, familyOf } from '../family.ts';
import type { InFlight } from '../in-flight.ts';
import { compareInput } from '../input-version.ts';
import { checkedRecord } from './record-metric.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { ComputePool } from '../../ports.ts';
import type { StageContext } from '../stage.ts';
import type { StageMemory } from './stage-memory.ts';

interface ContextOptions {
  readonly stage: string;
  readonly item: InFlight<object>;
  readonly runtime: StageRuntime;
  readonly signal: AbortSignal;
  readonly memory: StageMemory;
  readonly models: StageContext['models'];
  readonly persist: StageContext['persist'];
  /** Called when the stage shows that it gets on. */
  readonly onProgress: () => void;
}

/** What a stage is given besides its value. */
export function contextOf(options: ContextOptions): StageContext {
  const { stage, item, runtime, signal, memory, models, persist, onProgress } = options;
  const { ports, families, hashes, hostName, limits, emit, metrics = [] } = runtime;
  const { job, claim, notes, warnings } = item;
  const note: StageContext['note'] = (fields) => {
    for (const [name, value] of Object.entries(fields)) notes.set(name, String(value));
  };
  return {
    ...ports,
    compute: takingTurns(ports.compute, runtime.queue),
    models,
    job,
    family: familyOf({
      families,
      claim,
      resultId: job.resultId,
      hostName,
      now: () => ports.clock.now(),
      madeFrom: (version) => compareInput(item, version),
    }),
    limits,
    signal,
    note,
    async flush(fields) {
      note(fields);
      const said = { ...Object.fromEntries(notes), ...warnings.field(job) };
      if (!(await hashes.update(claim, said))) throw claimLost();
    },
    progress(done) {
      onProgress();
      emit({ type: 'stage progressed', stage, job, done });
    },
    async reserve(bytes, staying) {
      const giveBack = await memory.reserve(bytes, staying);
      // The wait was for other jobs: it is not the fault of this stage.
      onProgress();
      return giveBack;
    },
    tryReserve: (bytes) => memory.tryReserve(bytes),
    moved(direction, bytes) {
      onProgress();
      emit({ type: 'bytes moved', stage, job, direction, bytes });
    },
    persist,
    record(metric, value, labels?: unknown) {
      const recorded = checkedRecord(stage, { metric, value, labels }, metrics);
      emit({ type: 'metric recorded', stage, job, ...recorded });
    },
    warn: (message) => warnings.add(message),
  };
}

/** The pool for stages of one queue, whose calls take turns with those of other queues. */
function takingTurns(pool: ComputePool, queue: string): ComputePool {
  return {
    get scratchBytes() {
      return pool.scratchBytes ?? 0;
    },
    run: (kernel, input, signal) => pool.run(kernel, input, signal, queue),
    names: () => pool.names(),
    load: () => pool.load(),
    close: () => pool.close(),
  };
}
