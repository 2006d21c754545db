import type { Sample } from '../samples.ts';
import type { Finished } from '../watch-jobs.ts';

/** What the demo prints about a finished job. */
export interface Kept {
  /** More columns of its row in the table. */
  readonly columns: Readonly<Record<string, string | number>>;
  /** What stands below the table. */
  readonly text?: string;
}

/** What a demo shows: the workflows that it takes, its jobs, and what is made of their results. */
export interface Scene {
  /** Settings of the consumer besides those of the surroundings: its workflows, each with its queue. */
  readonly settings: Readonly<Record<string, string>>;
  /** What `submit` is given; it sends archives to the queue of the same name with `-zip`. */
  readonly queue: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  /** The images in the one archive among the samples. */
  readonly members?: readonly Sample[];
  /** Draws more pictures of a job that is done, and counts more. */
  readonly keep: (job: Finished, files: ResultFiles, folder: string) => Promise<Kept>;
}

/** The entries of a result by their names. */
export type ResultFiles = ReadonlyMap<string, Uint8Array>;
