/** A variant of a format, with the files that hold it. */
export interface Variant {
  readonly variant: string;
  /** What is given, or why it is refused. */
  readonly result: string;
  /** Names of files without ending; of a file that is refused, without `refused-`; `*` stands for anything. */
  readonly files: readonly string[];
}

export interface FormatTable {
  readonly format: string;
  readonly ending: string;
  /** Folder of the files. */
  readonly folder: string;
  /** The test that reads all of them, and holds what is said. */
  readonly test: string;
  readonly remarks: string;
  readonly read: readonly Variant[];
  readonly refused: readonly Variant[];
}
