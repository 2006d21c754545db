import { v5 as uuid5 } from 'uuid';
import type { Claim, EndedChild, FieldUpdates, JobFamilies, JobFields } from '../ports.ts';
import { KnownError } from '../errors.ts';
import { encodeKey } from '../key-codec.ts';
import { OWN_FIELDS } from '../job/known-fields.ts';

/** A child as the stages of a workflow describe it; its key and its place follow from the order. */
export interface ChildSpec {
  /** The queue whose consumers do it. */
  readonly queue: string;
  /** The middle of its key, for people: the file in an archive, the frame of a movie. */
  readonly name: string;
  /** What its hash says, besides its status and its dates. */
  readonly fields: FieldUpdates;
  /** Why it cannot be done: it counts as failed from the start and is not queued. */
  readonly failure?: KnownError;
}

/** What the pipeline of a split must leave. */
export interface Splits {
  /** In an order that is the same each time the job is split: a child's key follows from its place. */
  readonly children: Iterable<ChildSpec> | AsyncIterable<ChildSpec>;
  /** The arrays that they are made from: the job holds their memory until the last child is submitted. */
  readonly madeFrom?: object;
  /** Bytes of memory that making them takes besides. */
  readonly footprint?: number;
}

/** What a stage may do with the children of its job. */
export interface Family {
  /**
   * Tells the version of the job's file that a stage has read. A split notes it with the first children; each
   * later run throws `input_changed` if it reads another, since the children are made from the first.
   */
  madeFrom(version: string): void;
  /** Creates children and queues them; those that exist are left as they are. Their keys. */
  submit(children: readonly (ChildSpec & { readonly place: number })[]): Promise<string[]>;
  /**
   * Notes keys of objects that are about to be made for children, so that they are removed whatever becomes
   * of the job.
   */
  noteObjects(objects: readonly string[]): Promise<void>;
  /** Some of the objects that the job has noted; those that were forgotten come no more. */
  notedObjects(): Promise<readonly string[]>;
  /** The objects are removed. */
  forgetObjects(objects: readonly string[]): Promise<void>;
  /** The objects are made: they are removed if the job has ended meanwhile. */
  dropObjects(objects: readonly string[]): Promise<void>;
  /** The children that have ended, by place, with some fields of their hashes. */
  children(names: readonly string[]): AsyncIterable<EndedChild>;
}

interface Parent {
  readonly families: JobFamilies;
  readonly claim: Claim;
  readonly resultId: string;
  readonly hostName: string;
  readonly now: () => Date;
  readonly madeFrom: Family['madeFrom'];
}

/** The children of one claimed job. */
export function familyOf(parent: Parent): Family {
  const { families, claim, resultId, hostName, now, madeFrom } = parent;
  return {
    madeFrom,
    async submit(children) {
      const at = now().toISOString();
      const jobs = children.map(({ queue, name, fields, failure, place }) => ({
        key: childKey({ key: claim.key, resultId }, { queue, name, place }),
        queue,
        place,
        failed: failure !== undefined,
        fields: {
          ...fields,
          status: 'new',
          created_at: at,
          updated_at: at,
          identity_upload: hostName,
          ...(failure && {
            status: 'failed',
            reason: failure.message,
            error_code: failure.code,
            finished_at: at,
          }),
        },
      }));
      if (!(await families.submit(claim, jobs))) throw claimLost();
      return jobs.map(({ key }) => key);
    },
    async noteObjects(objects) {
      if (!(await families.noteObjects(claim, objects))) throw claimLost();
    },
    notedObjects: () => families.notedObjects(claim),
    forgetObjects: (objects) => families.forgetNoted(claim, objects),
    dropObjects: (objects) => families.dropObjects(claim, objects),
    children: (names) => families.children(claim, names),
  };
}

interface Place {
  readonly queue: string;
  readonly name: string;
  readonly place: number;
}

/**
 * `<queue>:<name>:<32 hex>`, as the original's children are called; the digits follow from the parent, from
 * its result, which another job of the same key does not share, and from the place. Without commas, because
 * the parent's field `children` is a list with commas.
 */
export function childKey(
  { key, resultId }: { readonly key: string; readonly resultId: string },
  { queue, name, place }: Place,
): string {
  const id = uuid5(encodeKey(`${key}\n${resultId}\n${place}`), NAMESPACE).replaceAll('-', '');
  return `${queue}:${name.replaceAll(',', '_')}:${id}`;
}

/** Random, made once: it only keeps our names apart from those of others. */
const NAMESPACE = '0c4f1f0e-6a0b-4c43-9a5d-1b1a7f0f2a55';

/** The fields that a child takes over from its parent: what the user asked for. */
export function inheritedFields(fields: JobFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !OWN_FIELDS.has(entry[0]),
    ),
  );
}

/** The claim of the job belongs to another consumer now. */
export function claimLost(): KnownError {
  return new KnownError('claim_lost', 'Another consumer has taken the job, or it was deleted.');
}
