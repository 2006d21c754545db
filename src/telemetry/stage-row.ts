/** What a stage is doing, as /status shows it. */
export interface StageRow {
  readonly name: string;
  readonly inFlight: number;
  readonly waiting: number;
  readonly capacity: number;
  readonly perSecond: number;
  readonly meanMs: number;
  readonly errors: number;
}
