import type { ModelName } from '../ports.ts';

/** A model that jobs of a workflow may run, and what they expect of it: `doctor` tries it as a job would. */
export interface ModelUse {
  readonly model: ModelName;
  /** Channels of the images that it gets. */
  readonly channels: number;
  /** The outputs that are looked at, in the order of their names, and their channels. */
  readonly heads:
    readonly { readonly output: number; readonly channels?: readonly number[] }[] | 'all';
  /** How many outputs the model must have. */
  readonly outputs?: number;
  /** Whether its outputs have the rows and columns of its input; otherwise it says one thing of a whole tile. */
  readonly isDense: boolean;
}
