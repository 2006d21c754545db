/** What became of a file: a row of the manifest, and an entry of the page. */
export interface ResultRecord {
  /** As the user named it. */
  readonly file: string;
  /** Where its results are, below the folder of the batch; empty if there are none. */
  readonly folder: string;
  /** The job; empty if there was none. */
  readonly key: string;
  /** `waiting`: nobody waited for its end; `skipped`: never submitted. */
  readonly status: 'done' | 'failed' | 'waiting' | 'skipped';
  /** Cells in all of its label images; null where nothing was counted. */
  readonly cells: number | null;
  readonly warnings: readonly string[];
  /** How the image was understood, in a sentence; empty where nobody said. */
  readonly input: string;
  /** Why it failed or was skipped; empty otherwise. */
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** What else lies in its folder; names are below that. */
  readonly table: TableFile | null;
  readonly pictures: readonly PictureFile[];
  readonly renamed: Renamed;
}

/** Files whose names the disk does not take: what the result calls each, by the name that it has here. */
export type Renamed = Readonly<Record<string, string>>;

/** The table of the cells of one image. */
export interface TableFile {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What was drawn of a file of labels. */
export interface PictureFile {
  readonly overlay: string;
  /** A smaller one for the page; empty for all but the first frame. */
  readonly thumbnail: string;
}

const NOTHING = {
  folder: '',
  key: '',
  cells: null,
  warnings: [],
  input: '',
  code: '',
  reason: '',
  remedy: '',
  table: null,
  pictures: [],
  renamed: {},
} as const;

/** A record of a file of which nothing more is known than what is given. */
export function recordOf(
  known: Pick<ResultRecord, 'file' | 'status'> & Partial<ResultRecord>,
): ResultRecord {
  return { ...NOTHING, ...known };
}
