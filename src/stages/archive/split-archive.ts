import { type KnownError, classify } from '../../errors.ts';
import { type ChildSpec, type Splits, inheritedFields } from '../../flow/family.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { ByteSource } from '../../formats/archive/byte-source.ts';
import type { ChosenMember } from '../../formats/archive/choose-members.ts';
import { readZipMember } from '../../formats/archive/zip-member.ts';
import { splitName } from '../../formats/split-name.ts';
import { childrenOfObjects } from './children-of-objects.ts';
import { SOURCE_BYTES } from './object-source.ts';
import { memberKeys } from './member-keys.ts';
import { BYTES_PER_MEMBER, type OpenedArchive } from './open-archive.ts';

interface Splitting {
  /** The queue of the children. */
  readonly queue: string;
  /** Members that are uploaded at a time. */
  readonly uploads: number;
}

/** What a member takes in memory while it is uploaded, whatever its size: blocks of the bucket, and zlib. */
const BYTES_PER_UPLOAD = 2 ** 23;

/**
 * Makes a child of each member, in the order of the archive, as soon as it has been copied to an object of
 * its own. A member that cannot be read is a child that has failed.
 */
export function splitArchive({
  queue,
  uploads,
}: Splitting): Stage<{ opened: OpenedArchive }, Splits, 'opened'> {
  return defineStage({
    name: 'split_archive',
    concurrency: 2,
    needs: ['opened'],
    adds: ['children'],
    frees: ['opened'],
    footprint: () => 0,
    run: ({ opened: { source, members } }, context) => {
      const inherited = inheritedFields(context.job.fields);
      const names = members.map(({ member }) => member.name);
      const keys = memberKeys({ bucket: context.bucket, resultId: context.job.resultId, names });
      const make = async (
        [place, key]: readonly [number, string],
        signal: AbortSignal,
      ): Promise<ChildSpec> => {
        const name = names[place] ?? '';
        const chosen = members[place];
        const failure = chosen && (await copied(key, { source, chosen }, context, signal));
        const fields = { ...inherited, original_name: name };
        // Of a copy that was not made no hash says that it is there.
        return failure
          ? { queue, name, fields, failure }
          : { queue, name, fields: { ...fields, input_file_name: key } };
      };
      const children = childrenOfObjects(
        { pieces: keys.entries(), keyOf: ([, key]) => key, uploads, make },
        context,
      );
      const footprint =
        SOURCE_BYTES + uploads * BYTES_PER_UPLOAD + members.length * BYTES_PER_MEMBER;
      return Promise.resolve({ children, footprint });
    },
  });
}

/** Uploads a member; why that is impossible, if it is. */
async function copied(
  key: string,
  { source, chosen }: { readonly source: ByteSource; readonly chosen: ChosenMember },
  { bucket, moved, persist, signal: given }: StageContext,
  stopped: AbortSignal,
): Promise<KnownError | undefined> {
  const { member, problem } = chosen;
  if (problem !== undefined) return problem;
  const signal = AbortSignal.any([given, stopped]);
  const contentType = TYPES[splitName(member.name)[1].toLowerCase()] ?? 'application/octet-stream';
  try {
    await persist('bucket_write', () =>
      bucket.upload(key, readZipMember(source, member), { contentType, signal }),
    );
    moved('out', member.size);
    return undefined;
  } catch (thrown) {
    const error = classify(thrown);
    // The other members are of another archive now.
    if (error.kind !== 'bad_input' || error.code === 'input_changed') throw error;
    return error;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};
