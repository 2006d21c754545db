/* Jobs in Redis as the worker sees them: interfaces only, one for each user. */

/** The fields of a job's Redis hash: every value a string, every field possibly absent. */
export type JobFields = Readonly<Partial<Record<string, string>>>;

/** Fields to write. */
export type FieldUpdates = Readonly<Record<string, string>>;

export interface QueueDepth {
  /** Keys that wait in the queue. */
  readonly waiting: number;
  /** Keys in the processing list of this consumer. */
  readonly held: number;
  /** Jobs among the dead letters of the queue. */
  readonly deadLetters: number;
}

/**
 * The right to work on one job, minted when its key was opened. Every write carries it and is refused once
 * somebody else has claimed the job, so that a process that was paused or cut off cannot overwrite its
 * successor.
 */
export interface Claim {
  /** Bytes that are not UTF-8 stand as lone surrogates (U+DC80 to U+DCFF), so that every key survives the way back. */
  readonly key: string;
  /** The fencing token: higher than that of every earlier claim of this job. */
  readonly token: number;
}

/** What became of a popped key. */
export type OpenedKey =
  | {
      readonly kind: 'opened';
      readonly claim: Claim;
      readonly fields: JobFields;
      /** Names of fields that were left out of `fields` because their values are too long to be meant. */
      readonly tooLong: readonly string[];
      /** Claims of this job that ended without an outcome: how often a worker seems to have crashed with it. */
      readonly crashes: number;
      /**
       * False if this claim was not counted as an attempt: the job has crashed workers before and must be
       * opened again once it can run alone, so that it is not blamed for a crash of others.
       */
      readonly counted: boolean;
    }
  /** There is no hash of this key, or it is not a hash: the entry was removed. */
  | { readonly kind: 'gone' }
  /** The job was done or failed already: the entry was removed. */
  | { readonly kind: 'finished' }
  /** Another consumer, or this one, works on the job: it has exactly one entry, in the list of its holder. */
  | { readonly kind: 'held'; readonly by: string }
  /** The key is no longer in our processing list: somebody has moved it meanwhile. */
  | { readonly kind: 'moved' };

export interface Opening {
  /** True if this process works on the job right now: a second entry of it turned up. */
  readonly heldHere: boolean;
  /** True if nothing else runs here while this job does. */
  readonly alone: boolean;
}

/** What one heartbeat found. */
export interface Heartbeat {
  /** Keys whose claims are ours no longer: taken by another consumer, finished, or deleted. */
  readonly lost: readonly string[];
  /** True if another living process has registered under our host name. */
  readonly twin: boolean;
}

/** Keys that were given back to the queue because nobody works on them. */
export interface TakenOver {
  readonly keys: readonly string[];
  /** The consumer that held them. */
  readonly from: string;
}

/** Where a job that is given back stands in its queue. */
export type QueuePlace = 'next' | 'last';

/** The queue of one job type and the processing list of this consumer. Used by the intake. */
export interface JobQueue {
  readonly name: string;
  /**
   * Registers this process and its lease. Waits while a predecessor of the same host name may still be alive,
   * and rejects with `duplicate_consumer` if it is.
   */
  register(signal: AbortSignal): Promise<void>;
  /**
   * Moves the next key to the processing list of this consumer. Waits for one for at most the pop timeout;
   * `undefined` when none came. Rejects with `cancelled` when `signal` fires, after making sure that no
   * blocked command stays behind on the server.
   */
  pop(signal: AbortSignal): Promise<string | undefined>;
  /** Claims a popped key: reads its hash, counts the attempt and mints a token, in one step. */
  open(key: string, opening: Opening): Promise<OpenedKey>;
  /**
   * Gives a claimed job back, as the next to be taken or, if it has waited in vain, behind all others; the
   * attempt is not counted. False if the claim was lost.
   */
  requeue(claim: Claim, place?: QueuePlace): Promise<boolean>;
  /**
   * Takes back the attempt of a claim that was lost while this process lived: it was cut off, and did not
   * crash. Once a claim, and never of a job that has ended.
   */
  survived(claim: Claim): Promise<void>;
  /**
   * Renews the lease of this process and marks its jobs as alive. Each claim keeps exactly one entry in the
   * processing list.
   */
  beat(claims: readonly Claim[]): Promise<Heartbeat>;
  /**
   * Gives back entries of our processing list that are not among `held`: left by a crash, a lost reply or a
   * failed write.
   */
  recoverOwn(held: Iterable<string>): Promise<TakenOver>;
  /** Gives back the jobs of one consumer whose lease has run out; `undefined` if there is none. */
  takeOverDead(): Promise<TakenOver | undefined>;
  /**
   * Ends the lease, after the last look at the own list: nothing may be held any more. A heartbeat that comes
   * later brings no lease back.
   */
  unregister(): Promise<TakenOver>;
  depth(): Promise<QueueDepth>;
  /** Undefined while Redis answers; otherwise why not. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** How a final write ended. */
export type Settled =
  /** Written now, or by an earlier try of the same claim. */
  | 'written'
  /** The claim was lost: nothing was written. */
  | 'lost'
  /** The hash is gone: nothing was written, and nothing brought back. */
  | 'gone';

/** The hashes of jobs. Used by progress and settlement. */
export interface JobHashes {
  /** Whether there is a hash of this key, whoever works on it. */
  exists(key: string): Promise<boolean>;
  /** Writes fields; false if the claim is lost. */
  update(claim: Claim, fields: FieldUpdates): Promise<boolean>;
  /**
   * Writes the final fields, drops the entry, and tells the job's parent if it has one, in one step. A job
   * with children has its open children deleted and the others expire.
   */
  settle(claim: Claim, fields: FieldUpdates): Promise<Settled>;
  /** Adds the job to the dead letters of its queue, with the time and the reason: for jobs that crash their workers. */
  bury(claim: Claim, fields: FieldUpdates): Promise<Settled>;
}

/** A job that a parent has others do. */
export interface ChildJob {
  /** Follows from the key of the parent and the place: the same child has the same key after a restart. */
  readonly key: string;
  readonly queue: string;
  /** The position among its siblings, from 0: the order of results. */
  readonly place: number;
  readonly fields: FieldUpdates;
  /** True if `fields` say already that it failed: it counts as ended and is not queued. */
  readonly failed: boolean;
}

/** A child that has ended. */
export interface EndedChild {
  readonly key: string;
  readonly place: number;
  readonly outcome: 'done' | 'failed';
  /** The fields asked for; none if its hash has expired or was deleted. */
  readonly fields: JobFields;
}

/** What a look at the children of a parent has found. */
export interface FamilyCounts {
  /** False if the parent waits for nobody, because a fail-over has lost that it was parked, for example. */
  readonly parked: boolean;
  readonly open: number;
  readonly done: number;
  readonly failed: number;
}

export type Parked = 'parked' | 'ready' | 'short' | 'lost';

export interface Parking {
  /** How many children there are; known once all have been submitted. */
  readonly total: number;
  /** Wake the parent when the first child fails, not only when the last has ended. */
  readonly wakeOnFailure: boolean;
  readonly fields: FieldUpdates;
}

/** Jobs made of jobs. Used by the stages that split and join, and by the parked parents. */
export interface JobFamilies {
  /**
   * Creates children and queues them, at most `CHILDREN_IN_QUEUE` of a parent at a time: each that ends lets
   * the next in. Does nothing for children that were submitted before, whatever became of them. False if the
   * claim is lost.
   */
  submit(parent: Claim, children: readonly ChildJob[]): Promise<boolean>;
  /**
   * Leaves a parent in the processing list until its children have ended; then it goes back to the consuming
   * end of its queue, in the step that ends the last child. `ready` if they have all ended: then the claim
   * goes on. `short` if Redis has lost some: it counts as not split, and is to be split again, which makes
   * those anew.
   */
  park(parent: Claim, parking: Parking): Promise<Parked>;
  /**
   * Finds children that ended without telling: finished by consumers that know no parents, expired or
   * deleted. Looks at a bounded number of them a call, one command. Wakes the parent if none is left.
   */
  sweep(parent: Claim): Promise<FamilyCounts>;
  /**
   * Queues all pending children of the parents in our queue and in its processing lists, unless another consumer
   * of this queue is alive. Call it at a stop, once our lease has ended: then the last consumer to stop does it.
   * After a roll-back, for example, nobody would be left to queue them one by one.
   */
  queueAll(): Promise<void>;
  /**
   * Notes objects that a parent is about to make for its children: those that it has not removed itself by
   * its end are removed then, whatever becomes of the children. At most 1000 a call. False if the claim is
   * lost.
   */
  noteObjects(parent: Claim, objects: readonly string[]): Promise<boolean>;
  /** Some objects that a parent has noted; those that were forgotten come no more. */
  notedObjects(parent: Claim): Promise<readonly string[]>;
  /** The parent has removed objects that it had noted. */
  forgetNoted(parent: Claim, objects: readonly string[]): Promise<void>;
  /**
   * Objects that a parent has just made: if it has ended meanwhile or is gone, nobody else removes them. At
   * most 1000 a call.
   */
  dropObjects(parent: Claim, objects: readonly string[]): Promise<void>;
  /**
   * Some objects that children of failed parents have left, whosoever they were; those that were forgotten
   * come no more.
   */
  temporaryObjects(): Promise<readonly string[]>;
  /** The objects are removed, or cannot be. */
  forgetObjects(objects: readonly string[]): Promise<void>;
  /** The children that have ended, in order of place, with some fields of their hashes; read in batches. */
  children(parent: Claim, names: readonly string[]): AsyncIterable<EndedChild>;
}

/** A job that was given up because it crashed its workers. */
export interface DeadLetter {
  readonly key: string;
  readonly buriedAt: string;
  readonly reason: string;
}

/** How putting a dead letter back has ended. */
export type Redriven =
  | 'redriven'
  /** There is none of this key. */
  | 'gone'
  /** Somebody has started the job again: the letter is forgotten. */
  | 'started'
  /** It is a part of another job, which has counted it as failed: nothing was done. */
  | 'part';

/** Dead letters of a queue. Used by commands. */
export interface DeadLetters {
  /** The queues that have dead letters, by name. */
  queues(): Promise<readonly string[]>;
  list(queue: string): Promise<readonly DeadLetter[]>;
  /** The fields of the job as it was when it became a dead letter; undefined if there is none of this key. */
  read(queue: string, key: string): Promise<JobFields | undefined>;
  /** Puts a dead letter back into its queue as a new job without attempts. */
  redrive(queue: string, key: string): Promise<Redriven>;
  /** Forgets a dead letter; its hash stays as it is. False if there is none of this key. */
  drop(queue: string, key: string): Promise<boolean>;
}
