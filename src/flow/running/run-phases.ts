import { type OperatorFunction, connect, filter, merge } from 'rxjs';
import type { InFlight, Phase } from '../in-flight.ts';
import type { AnyStage } from '../stage.ts';
import { runStage } from './run-stage.ts';
import type { StageRuntime } from './stage-runtime.ts';

type Item = InFlight<object>;

/** The stages of each phase of a workflow, in order. */
export type Phases = Readonly<Partial<Record<Phase, readonly AnyStage[]>>>;

/** Runs each job through the stages of its phase. */
export function runPhases(phases: Phases, runtime: StageRuntime): OperatorFunction<Item, Item> {
  const entries = Object.entries(phases);
  return connect((items) =>
    merge(
      ...entries.map(([phase, stages]) =>
        stages.reduce(
          (jobs, stage) => jobs.pipe(runStage(stage, runtime)),
          items.pipe(filter((item) => item.phase === phase)),
        ),
      ),
    ),
  );
}

/** All stages of a workflow, each name once, in order. */
export function stagesOf(phases: Phases): readonly AnyStage[] {
  const stages = Object.values(phases).flat();
  return [...new Map(stages.map((stage) => [stage.name, stage])).values()];
}
