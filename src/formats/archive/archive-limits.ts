/** What an archive may hold. */
export interface ArchiveLimits {
  /** Members at most. */
  readonly maxEntries: number;
  /** Bytes of all files of the archive together. */
  readonly maxBytes: number;
  /** Bytes of a single file. */
  readonly maxFileBytes: number;
  /** How many times larger its files may be than the archive. */
  readonly maxRatio: number;
}
