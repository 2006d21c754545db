import { type ErrorCode, KnownError, classify, messageOf } from '../../errors.ts';

/** What a thread is asked to do. */
export interface KernelCall {
  readonly kernel: string;
  readonly input: unknown;
}

/** Asks a thread to let go of the memory that it keeps for kernels to come; the answer is the same. */
export const RELEASE_MEMORY = 'release memory';

/** What a thread sends once it can run kernels. */
export interface KernelsReady {
  readonly names: readonly string[];
  /** Those of them that authors wrote. */
  readonly own: readonly string[];
}

/** What it answers. Errors cross the border as values: structured clone would strip them of their code. */
export type KernelReply = { readonly result: unknown } | { readonly failure: KernelFailure };

export interface KernelFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Where in the thread it happened. */
  readonly stack: string;
}

/** What a kernel threw when it had ended. */
export interface LateError {
  readonly late: KernelFailure;
}

/** What a thread sends. */
export type ThreadMessage = KernelReply | KernelsReady | LateError | typeof RELEASE_MEMORY;

/** A message of ours as it is sent. Its member tells it apart from messages that an author's code may send. */
export interface Sent {
  readonly kernelThread: ThreadMessage;
}

export function isOurs(sent: unknown): sent is Sent {
  return typeof sent === 'object' && sent !== null && 'kernelThread' in sent;
}

/** An error of a kernel as a value. */
export function describeFailure(error: unknown): KernelFailure {
  const { code, message, details } = isOutOfMemory(error) ? outOfMemory() : classify(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return { code, message, details: { ...details }, stack };
}

/** The error that was described, with its stack in the thread as its cause. */
export function restoreError({ code, message, details, stack }: KernelFailure): KnownError {
  const cause = new Error(message);
  cause.stack = stack;
  return new KnownError(code, message, { details, cause });
}

/** What the engine throws when it cannot get the memory for a typed array. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed/i.test(error.message);
}

function outOfMemory(): KnownError {
  return new KnownError('out_of_memory', 'There is not enough memory to process this image.');
}
