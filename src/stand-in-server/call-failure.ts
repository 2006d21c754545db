import { status } from '@grpc/grpc-js';

/** A call that ends with a gRPC status and the words that TensorFlow Serving uses. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

export function invalid(details: string): CallFailure {
  return new CallFailure(status.INVALID_ARGUMENT, details);
}

export function notFound(details: string): CallFailure {
  return new CallFailure(status.NOT_FOUND, details);
}

export function unavailable(details: string): CallFailure {
  return new CallFailure(status.UNAVAILABLE, details);
}

export function outOfMemory(details: string): CallFailure {
  return new CallFailure(status.RESOURCE_EXHAUSTED, details);
}
