import { type Logger, type DestinationStream, pino } from 'pino';
import type { Emit, Fact } from '../../facts/flow.ts';
import type { KnownError } from '../../errors.ts';
import { duration } from '../duration.ts';
import { JobSummaries, type JobSummary } from './done-line.ts';
import { serializeError } from './error-serializer.ts';
import { shortId } from './short-id.ts';

/** Where lines are written. */
export type Log = Logger;

export interface LogOptions {
  /** Least severe level: CRITICAL, ERROR, WARN, INFO or DEBUG. */
  readonly level: 'CRITICAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';
  /** JSON for machines, or for people the time and `[LEVEL]:[logger]: message`, as the Python consumer wrote. */
  readonly format: 'json' | 'human';
  readonly hostName: string;
  readonly queue: string;
  readonly destination?: DestinationStream;
}

const LEVELS = {
  CRITICAL: 'fatal',
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
} as const;

/** The log of the process. Text goes to standard output, a line at a time. */
export function openLog({ level, format, hostName, queue, destination }: LogOptions): Logger {
  const target = destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level: LEVELS[level],
      base: { host: hostName, queue },
      serializers: { err: serializeError },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    format === 'json' ? target : humanLines(target),
  );
}

interface Line {
  readonly time?: string;
  readonly level?: string;
  readonly msg?: string;
  readonly job?: string;
  readonly err?: { readonly stack?: string };
}

function humanLines(target: DestinationStream): DestinationStream {
  return {
    write(json) {
      // pino writes one object of this form a line.
      const { time = '', level = '', msg = '', job, err } = JSON.parse(json) as Line;
      const subject = job === undefined ? 'consumer' : job;
      const stack = err?.stack === undefined ? '' : `\n${err.stack}`;
      target.write(`${time} [${level.toUpperCase()}]:[${subject}]: ${msg}${stack}\n`);
    },
  };
}

/** How jobs end that need no explanation. */
const WORDS: Readonly<Record<string, string>> = {
  done: 'Done',
  parked: 'Waits for its children',
};

/** More that the lines of a job carry. */
type FieldsOf = (key: string) => Readonly<Record<string, string>>;

/** Writes facts to the log, those of a job through a child logger that carries its key. */
export function logEvents(log: Logger, fieldsOf: FieldsOf = () => ({})): Emit {
  const children = new Map<string, Logger>();
  const logIntake = intakeLog(log);
  const summaries = new JobSummaries();
  const of = (key: string, parent?: string): Logger => {
    const about = { job: key, id: shortId(key), ...(parent !== undefined && { parent }) };
    const child = children.get(key) ?? log.child({ ...about, ...fieldsOf(key) });
    children.set(key, child);
    return child;
  };
  return (fact) => {
    summaries.listen(fact);
    // Its trace is not known before: it may be named in the hash of the job.
    if (fact.type === 'job started') children.delete(fact.job.key);
    if ('job' in fact) logJob(of(fact.job.key, fact.job.parent), fact);
    else if (fact.type === 'write failed')
      logFailedWrite(fact.key === undefined ? log : of(fact.key), fact);
    else if ('key' in fact) logKey(of(fact.key), fact, summaries);
    else logIntake(fact);
    if (fact.type === 'job ended') children.delete(fact.key);
  };
}

function logJob(log: Logger, fact: Extract<Fact, { job: unknown }>): void {
  switch (fact.type) {
    case 'job started':
      log.info({ file: fact.job.inputFileName }, 'Started');
      break;
    case 'stage ended':
      if (!fact.error)
        log.debug({ stage: fact.stage, ms: Math.round(fact.ms) }, `Stage ${fact.stage} done`);
      break;
    case 'stage retried':
      log.warn(
        { stage: fact.stage, code: fact.error.code },
        `${fact.error.message} Trying again in ${(fact.delayMs / 1000).toFixed(1)} s`,
      );
      break;
    case 'job warned':
      log.warn(fact.message);
      break;
    default:
      break;
  }
}

function logFailedWrite(
  log: Logger,
  { code, message }: Extract<Fact, { type: 'write failed' }>,
): void {
  log.warn({ code }, `Could not write to Redis: ${message}`);
}

function logKey(log: Logger, fact: Extract<Fact, { key: string }>, summaries: JobSummaries): void {
  if (fact.type === 'job ended') {
    const { outcome, error, ms } = fact;
    const summary = summaries.take(fact.key);
    const facts = { outcome, ms: Math.round(ms), code: error?.code, ...summary };
    if (outcome === 'abandoned') logAbandoned(log, facts, error);
    else if (error?.kind === 'internal')
      log.error({ ...facts, err: error.cause }, `Failed: ${error.message}`);
    else if (outcome === 'failed') log.warn(facts, `Failed: ${error?.message ?? ''}`);
    else if (outcome === 'returned')
      log.info(
        facts,
        `Given back to the queue: ${error?.message ?? 'all its children have ended.'}`,
      );
    else log.info(facts, `${WORDS[outcome] ?? 'Nothing to do'}${inWords(summary)}`);
  }
}

/** What was found, for those who read lines. */
function inWords({ cells, spots }: JobSummary): string {
  if (cells !== undefined) return `: ${cells} cells`;
  return spots === undefined ? '' : `: ${spots} spots`;
}

function logAbandoned(log: Logger, facts: object, error: KnownError | undefined): void {
  const line = `Left in the processing list, to be given back later: ${error?.message ?? ''}`;
  if (error?.kind === 'internal') log.error({ ...facts, err: error.cause }, line);
  else log.warn(facts, line);
}

/** One line when a remote stops serving jobs, one when it serves them again: not one for each probe. */
function logBreaker(log: Logger, fact: Extract<Fact, { type: 'breaker changed' }>): void {
  const { remote, before, state, reason, openMs } = fact;
  if (before === 'closed') log.error({ remote }, `Circuit breaker of ${remote} opened: ${reason}`);
  else if (state === 'closed') {
    const ms = Math.round(openMs);
    const seconds = (ms / 1000).toFixed(1);
    log.info({ remote, ms }, `Circuit breaker of ${remote} closed after ${seconds} s`);
  }
}

/** The intake reports a pause after a second, and then every few minutes: from here on it is a reminder. */
const REPEATED_MS = 60_000;

function pausedLine({ reason, ms }: Extract<Fact, { type: 'intake paused' }>): string {
  return ms < REPEATED_MS
    ? `Taking no jobs: ${reason}`
    : `Still taking no jobs, for ${duration(ms)}: ${reason}`;
}

const QUIET_MS = 5 * 60_000;

/** The intake loop tries again and again: the same failure is written once in a while only. */
function intakeLog(log: Logger): (fact: Fact) => void {
  let last = '';
  let quietUntil = 0;
  return (fact) => {
    if (fact.type === 'jobs recovered')
      log.warn({ keys: fact.keys }, `Recovered ${fact.keys.length} stranded jobs`);
    else if (fact.type === 'intake paused')
      log[fact.ms < REPEATED_MS ? 'info' : 'warn'](pausedLine(fact));
    else if (fact.type === 'intake resumed')
      log.info(`Taking jobs again after ${(fact.ms / 1000).toFixed(1)} s`);
    else if (fact.type === 'breaker changed') logBreaker(log, fact);
    else if (fact.type === 'intake polled') last = '';
    else if (fact.type === 'intake failed') {
      const { code, kind, message } = fact.error;
      if (code === last && performance.now() < quietUntil) return;
      [last, quietUntil] = [code, performance.now() + QUIET_MS];
      log[kind === 'unavailable' ? 'warn' : 'error']({ code }, message);
    }
  };
}
