/** What a stage is doing, as /status shows it. */
export interface StageRow {
  readonly name: string;
  readonly inFlight: number;
  readonly waiting: number;
  readonly capacity: number;
  /** Share of the last seconds in which all places were taken and jobs waited: 0 to 1. */
  readonly fullShare: number;
  readonly perSecond: number;
  readonly meanMs: number;
  readonly errors: number;
}
