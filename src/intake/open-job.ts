import { KnownError, classify } from '../errors.ts';
import type { InFlight, Phase } from '../flow/in-flight.ts';
import type { Job } from '../job/job.ts';
import { isWrittenByConsumers } from '../job/known-fields.ts';
import type { Claim, JobFamilies, JobFields, JobQueue, OpenedKey } from '../ports.ts';
import type { HeldJobs } from './held-jobs.ts';
import type { Solo } from './solo.ts';
import type { TakenKey } from './take-keys.ts';

/** Crashes after which a job is given up. */
const MOST_CRASHES = 3;

export interface JobOpening {
  readonly queue: JobQueue;
  readonly families: JobFamilies;
  readonly held: HeldJobs;
  readonly solo: Solo;
  /** Whether the workflow can work on the job. */
  readonly accepts: (job: Job) => boolean;
  /** Whether the jobs of this queue are made of other jobs. */
  readonly splits: boolean;
  readonly wakeOnFailure: boolean;
  /** Does something with Redis, however long Redis is away. */
  readonly patiently: <Result>(key: string, attempt: () => Promise<Result>) => Promise<Result>;
}

/** A claimed job, ready for the first stage of its phase; or what happened to its key instead. */
export type OpenedJob =
  | { readonly kind: 'opened'; readonly item: Opened; readonly leave: () => void }
  | { readonly kind: 'parked' }
  | { readonly kind: 'dropped' };

/** All of an item but what the flow adds. */
export type Opened = Pick<InFlight<object>, 'job' | 'claim' | 'phase'> & {
  readonly failure?: KnownError;
  /** True if the job is to be put among the dead letters. */
  readonly bury?: boolean;
};

type Claimed = Extract<OpenedKey, { kind: 'opened' }>;

/**
 * Claims a key and decides what is to be done: with a job that has crashed workers alone, after too many
 * crashes nothing.
 */
export async function openJob({ key, signal }: TakenKey, opening: JobOpening): Promise<OpenedJob> {
  const { solo } = opening;
  let leave = await solo.enter(signal);
  try {
    let opened = await claim(key, opening, false);
    if (opened.kind === 'opened' && !opened.counted) {
      leave();
      leave = await solo.enterAlone(signal);
      opened = await claim(key, opening, true);
    }
    if (opened.kind !== 'opened') {
      leave();
      return { kind: 'dropped' };
    }
    const parked = await parkAgain(opened, opening);
    if (!parked) return { kind: 'opened', item: judge(opened, opening), leave };
    leave();
    return { kind: 'parked' };
  } catch (error) {
    leave();
    throw error;
  }
}

async function claim(
  key: string,
  { queue, held, patiently }: JobOpening,
  alone: boolean,
): Promise<OpenedKey> {
  const opened = await patiently(key, () => queue.open(key, { heldHere: false, alone }));
  if (opened.kind === 'opened') held.claimed(opened.claim);
  return opened;
}

/** A parent that was split before goes on waiting while children of it are open. */
async function parkAgain(
  { claim: { key, token }, fields }: Claimed,
  { queue, families, held, splits, wakeOnFailure, patiently }: JobOpening,
): Promise<boolean> {
  const total = numberIn(fields['children:total']);
  if (!splits || total === undefined) return false;
  const parent: Claim = { key, token };
  const parking = { total, wakeOnFailure, fields: {} };
  const answer = await patiently(key, () => families.park(parent, parking));
  if (answer === 'parked') held.park(parent);
  if (answer === 'short') await patiently(key, () => queue.requeue(parent));
  return answer !== 'ready';
}

/** What is to be done with a claimed job, or why it fails. */
function judge(opened: Claimed, opening: JobOpening): Opened {
  const { claim: claimed, fields, crashes } = opened;
  const job = parseJob(claimed.key, opening.queue.name, fields);
  const item = { job, claim: claimed, phase: phaseOf(fields, opening) };
  if (crashes >= MOST_CRASHES) {
    const message = `The job crashed its worker ${crashes} times; it is among the dead letters of the queue.`;
    return { ...item, failure: new KnownError('crashed_worker', message), bury: true };
  }
  const failure = whyNot(job, opened, opening);
  return failure ? { ...item, failure } : item;
}

function phaseOf(fields: JobFields, { splits }: JobOpening): Phase {
  if (!splits) return 'work';
  return fields['children:total'] === undefined ? 'split' : 'join';
}

const PROMISED =
  'The function accepts of the workflow returned a promise, but must return true or false at once.';

function whyNot(
  job: Job,
  { tooLong }: Claimed,
  { accepts, queue }: JobOpening,
): KnownError | undefined {
  // Of a large parent the consumers themselves list much.
  const field = tooLong.find((name) => !isWrittenByConsumers(name));
  if (field !== undefined) {
    const message = `The field ${field} of the job is too long; 64 KiB are allowed.`;
    return new KnownError('invalid_job', message);
  }
  if (job.inputFileName === '') {
    const message = 'The job names no image: input_file_name is missing or empty.';
    return new KnownError('invalid_job', message);
  }
  try {
    const accepted: unknown = accepts(job);
    if (accepted instanceof Promise) throw new KnownError('bad_workflow', PROMISED);
    if (accepted) return undefined;
  } catch (error) {
    return classify(error);
  }
  return new KnownError('invalid_file_type', `Invalid filetype for "${queue.name}" job.`);
}

function parseJob(key: string, queue: string, fields: JobFields): Job {
  const inputFileName = fields['input_file_name'] ?? '';
  const originalName = fields['original_name'] || inputFileName;
  const resultId = fields['result_id'] ?? '';
  const parent = fields['parent'];
  const job = { key, queue, fields, inputFileName, originalName, resultId };
  return parent === undefined ? job : { ...job, parent };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
