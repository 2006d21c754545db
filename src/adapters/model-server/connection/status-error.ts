import { status, type ServiceError } from '@grpc/grpc-js';
import { KnownError } from '../../../errors.ts';
import { CallError, type FailureReason } from '../call-error.ts';
import { localTrouble } from './local-trouble.ts';

interface Called {
  /** `10.0.0.7:8500` */
  readonly address: string;
  /** `NuclearSegmentation:6`; absent for calls about the server itself. */
  readonly model?: string;
  readonly signal: AbortSignal;
}

interface Meaning {
  readonly reason: FailureReason;
  /** Begins the message; the words of the server follow unless there are none. */
  readonly text: string;
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}

/** False for what gRPC says by itself, without a word from the other side. */
export function cameFromServer({ metadata, details }: ServiceError): boolean {
  return metadata.get('content-type').length > 0 || isHttpAnswer(details);
}

/**
 * True if the other side has shown that a model server lives there, be it by a refusal. UNAVAILABLE is what proxies
 * answer while there is none behind them.
 */
export function provesLife(error: ServiceError): boolean {
  return cameFromServer(error) && error.code !== status.UNAVAILABLE;
}

/** What a failed call means for its caller: a CallError, or the reason of the signal if that ended it. */
export function callError(error: unknown, called: Called): unknown {
  if (!isServiceError(error)) return error;
  const { signal, address, model = 'the model server' } = called;
  if (signal.aborted) return reasonOf(signal);
  const { reason, text } = meaningOf(error, { address, model });
  const isQuoted = reason.type !== 'no answer' && reason.type !== 'deadline';
  const words = isQuoted ? error.details.trim().slice(0, LONGEST_QUOTE) : '';
  return new CallError(reason, words === '' ? `${text}.` : `${text}: ${words}`, {
    cause: error,
    details: { grpcCode: status[error.code], grpcDetails: error.details, address },
  });
}

/** Characters of the server's own words that are passed on. */
const LONGEST_QUOTE = 300;

function reasonOf(signal: AbortSignal): unknown {
  if (signal.reason instanceof KnownError) return signal.reason;
  return new KnownError('shutting_down', 'The call was cancelled.', { cause: signal.reason });
}

type Names = Required<Pick<Called, 'address' | 'model'>>;

type Rule = (error: ServiceError, names: Names) => Meaning;

const failedInside: Rule = (_error, { address, model }) => ({
  reason: { type: 'fault' },
  text: `${model} failed on ${address}`,
});

const refusedUs: Rule = (_error, { address }) => notServed(`${address} refused our credentials`);

// gRPC reports lost connections as internal errors, too.
const failedOrLost: Rule = (error, names) =>
  /RST_STREAM|ECONN|EPIPE/.test(error.details)
    ? noAnswer(error, names.address)
    : failedInside(error, names);

const refusedTensors: Rule = ({ details }, { model }) => rejected(model, details);

const RULES: Partial<Record<status, Rule>> = {
  [status.INVALID_ARGUMENT]: refusedTensors,
  [status.OUT_OF_RANGE]: refusedTensors,
  [status.NOT_FOUND]: (_error, names) => unknown(names),
  [status.RESOURCE_EXHAUSTED]: (_error, { address }) => ({
    reason: { type: 'out of memory' },
    text: `${address} has no room for the call`,
  }),
  [status.DEADLINE_EXCEEDED]: (error, { address }) => missedDeadline(error, address),
  [status.UNIMPLEMENTED]: (_error, { address }) =>
    notServed(`${address} does not speak the protocol that MODEL_SERVER_PROTOCOL names`),
  [status.UNAUTHENTICATED]: refusedUs,
  [status.PERMISSION_DENIED]: refusedUs,
  [status.UNAVAILABLE]: unavailable,
  [status.INTERNAL]: failedOrLost,
  [status.UNKNOWN]: failedOrLost,
  [status.FAILED_PRECONDITION]: failedInside,
  [status.DATA_LOSS]: failedInside,
};

function meaningOf(error: ServiceError, names: Names): Meaning {
  const rule = RULES[error.code];
  if (rule !== undefined) return rule(error, names);
  const { address } = names;
  if (cameFromServer(error)) return notServed(`${address} aborted the call`);
  return noAnswer(error, address);
}

function missedDeadline(error: ServiceError, address: string): Meaning {
  // Without a connection the deadline says nothing about the model.
  if (/Waiting for LB pick/.test(error.details)) return noAnswer(error, address);
  return { reason: { type: 'deadline' }, text: `${address} did not answer in time` };
}

function unavailable(error: ServiceError, names: Names): Meaning {
  const { address } = names;
  const { details } = error;
  if (/queue.*(is full|exceed)|exceeds maximum queue size/i.test(details)) {
    return { reason: { type: 'queue full' }, text: `${address} is overloaded` };
  }
  if (/unknown model/i.test(details)) return unknown(names);
  const answered = cameFromServer(error) && !isHttpAnswer(details);
  return answered ? notServed(`${address} is not available`) : noAnswer(error, address);
}

function noAnswer({ details }: ServiceError, address: string): Meaning {
  return { reason: { type: 'no answer' }, text: `${address} ${localTrouble(details)}` };
}

function notServed(text: string): Meaning {
  return { reason: { type: 'not served' }, text };
}

function unknown({ address, model }: Names): Meaning {
  return { reason: { type: 'unknown model' }, text: `${address} has no ${model}` };
}

function rejected(model: string, details: string): Meaning {
  const maxRows = statedBatchSize(details);
  const reason: FailureReason =
    maxRows === undefined ? { type: 'rejected' } : { type: 'too many rows', maxRows };
  return { reason, text: `${model} refused the tensors` };
}

/** The limit in a refusal of too many rows, in the words of TensorFlow Serving, Triton or OpenVINO. */
function statedBatchSize(details: string): number | undefined {
  const [, limit] =
    /maximum input batch size:?\s*(\d+)|batch[- ]size must be <=\s*(\d+)/i
      .exec(details)
      ?.filter((part) => part !== undefined) ?? [];
  return limit === undefined ? undefined : Number(limit);
}

/** An answer without a gRPC status: of a proxy, or of a server that is no gRPC server. */
function isHttpAnswer(details: string): boolean {
  return /Received HTTP status code/.test(details);
}
