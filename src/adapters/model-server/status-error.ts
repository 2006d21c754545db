import { status, type ServiceError } from '@grpc/grpc-js';
import { KnownError, type ErrorCode } from '../../errors.ts';

interface Asked {
  /** `10.0.0.7:8500` */
  readonly address: string;
  /** `NuclearSegmentation:6`; absent for questions about the server itself. */
  readonly model?: string;
  readonly signal: AbortSignal;
}

interface Meaning {
  readonly code: ErrorCode;
  /** Begins the message; the words of the server follow. */
  readonly text: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}

/** What a failed call means for its caller; the reason of the signal if that ended it. */
export function meaningOf(error: unknown, asked: Asked): unknown {
  if (!isServiceError(error)) return error;
  const { signal, address, model = 'the model server' } = asked;
  if (signal.aborted) return reasonOf(signal);
  const { code, text, details } = meaningOfStatus(error, { address, model });
  const said = error.details.trim().slice(0, LONGEST_QUOTE);
  return new KnownError(code, said === '' ? `${text}.` : `${text}: ${said}`, {
    cause: error,
    details: { ...details, grpcCode: status[error.code], address },
  });
}

/** Characters of the server's own words that are passed on. */
const LONGEST_QUOTE = 500;

function reasonOf(signal: AbortSignal): unknown {
  if (signal.reason instanceof KnownError) return signal.reason;
  return new KnownError('shutting_down', 'The call was given up.', { cause: signal.reason });
}

function meaningOfStatus(
  { code, details: said }: ServiceError,
  { address, model }: { readonly address: string; readonly model: string },
): Meaning {
  switch (code) {
    case status.INVALID_ARGUMENT:
    case status.FAILED_PRECONDITION:
    case status.OUT_OF_RANGE:
      return rejected(model, said);
    case status.NOT_FOUND:
      return unknown(model, address);
    case status.RESOURCE_EXHAUSTED:
      return overloaded(address, { outOfMemory: true });
    case status.DEADLINE_EXCEEDED:
      return { code: 'model_deadline', text: `${address} did not answer in time` };
    case status.UNIMPLEMENTED:
      return unavailable(`${address} does not speak the protocol that MODEL_SERVER_PROTOCOL names`);
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return unavailable(`${address} refused our credentials`);
    case status.UNAVAILABLE:
      return meaningOfUnavailable(said, { address, model });
    case status.INTERNAL:
    case status.UNKNOWN:
      // gRPC reports broken connections as internal errors, too.
      return /RST_STREAM|ECONN|EPIPE/.test(said)
        ? unavailable(`The connection to ${address} broke`)
        : rejected(model, said);
    default:
      return unavailable(`${address} gave up the call`);
  }
}

function meaningOfUnavailable(
  said: string,
  { address, model }: { readonly address: string; readonly model: string },
): Meaning {
  if (/queue.*(is full|exceed)|exceeds maximum queue size/i.test(said)) {
    return overloaded(address, { counts: false });
  }
  if (/unknown model/i.test(said)) return unknown(model, address);
  return unavailable(`${address} is not available`);
}

function unavailable(text: string): Meaning {
  return { code: 'model_server_unavailable', text };
}

function overloaded(address: string, details: Readonly<Record<string, unknown>>): Meaning {
  return { code: 'model_server_overloaded', text: `${address} has too much to do`, details };
}

function unknown(model: string, address: string): Meaning {
  return { code: 'unknown_model', text: `${address} has no ${model}` };
}

function rejected(model: string, said: string): Meaning {
  const maxBatchSize = statedBatchSize(said);
  return {
    code: 'model_rejected',
    text: `${model} refused the tensors`,
    ...(maxBatchSize !== undefined && { details: { maxBatchSize } }),
  };
}

/** The limit in a refusal of too many rows, in the words of TensorFlow Serving, Triton or OpenVINO. */
function statedBatchSize(said: string): number | undefined {
  const [, limit] =
    /maximum input batch size:?\s*(\d+)|batch[- ]size must be <=\s*(\d+)/i
      .exec(said)
      ?.filter((part) => part !== undefined) ?? [];
  return limit === undefined ? undefined : Number(limit);
}
