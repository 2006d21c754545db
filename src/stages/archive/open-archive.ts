import { type Stage, defineStage } from '../../flow/stage.ts';
import type { ArchiveLimits } from '../../formats/archive/archive-limits.ts';
import type { ByteSource } from '../../formats/archive/byte-source.ts';
import { type ChosenMember, chooseMembers } from '../../formats/archive/choose-members.ts';
import { readZipDirectory } from '../../formats/archive/zip-directory.ts';
import { SOURCE_BYTES, openObjectSource } from './object-source.ts';

/** An archive of which nothing but the directory has been read. */
export interface OpenedArchive {
  readonly source: ByteSource;
  readonly members: readonly ChosenMember[];
}

/** What an entry of the directory takes, with its place among the children: measured 1.7 KiB. */
export const BYTES_PER_MEMBER = 2048;

/** Reads the directory of the job's archive by ranges, and decides about its members. */
export function openArchive(
  limits: Omit<ArchiveLimits, 'maxFileBytes'>,
): Stage<object, { opened: OpenedArchive }> {
  return defineStage({
    name: 'open_archive',
    concurrency: 2,
    needs: [],
    adds: ['opened'],
    timing: 'download_time',
    remote: 'bucket_read',
    footprint: () => SOURCE_BYTES,
    run: async (_: object, context) => {
      const { bucket, job, persist, signal } = context;
      const { maxFileBytes } = context.limits;
      const source = await openObjectSource(bucket.keyOf(job.inputFileName), {
        bucket,
        signal,
        persist: (attempt) => persist('bucket_read', attempt),
      });
      context.family.madeFrom(source.version);
      const directory = await readZipDirectory(source, {
        ...limits,
        onCount: (members) => context.reserve(members * BYTES_PER_MEMBER),
      });
      return { opened: { source, members: chooseMembers(directory, { ...limits, maxFileBytes }) } };
    },
  });
}
