import { KnownError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { inWords, isArrayLike } from '../flow/shape/array-problem.ts';
import { readsOf } from '../flow/shape/reads-of.ts';
import {
  type Rules,
  A_FUNCTION,
  MILLISECONDS,
  isObject,
  memberProblems,
  orAbsent,
  textLike,
} from '../flow/shape/shape-rules.ts';
import { type Stage, defineStage } from '../flow/stage.ts';
import type { KernelName, Kernels } from '../kernels.ts';
import type { ComputePool, KernelTable } from '../ports.ts';

type Input<Name extends KernelName> = Parameters<Kernels[Name]>[0];
type Result<Name extends KernelName> = Awaited<ReturnType<Kernels[Name]>>;

interface Computing<As extends string, Value, Argument> {
  /** The name under which the result is left. */
  readonly as: As;
  /** Makes the argument of the kernel of what the stages before left, and of the job's fields. */
  readonly from: (value: Value, job: Job) => Argument;
  /**
   * Milliseconds after which the job fails; STAGE_TIMEOUT if absent. The thread ends ten seconds later, if it
   * still runs.
   */
  readonly timeoutMs?: number;
}

/**
 * Runs a kernel on the compute pool and leaves its result under the name `as`, which the stage is named
 * after. The kernel is one of ours by its name, or a function that the `kernels` of the workflow hold under
 * its own name.
 *
 * @example
 * pipeline(
 *   download,
 *   describeImage,
 *   decodeImage,
 *   orient(),
 *   compute(threshold, {
 *     as: 'labels',
 *     from: ({ image }, { fields }) => ({ image, level: Number(fields['level'] ?? 0.5) }),
 *     timeoutMs: 60_000,
 *   }),
 *   compute('countLabels', { as: 'cells', from: ({ labels }) => ({ labels }) }),
 * );
 */
export function compute<Name extends KernelName, const As extends string, Value>(
  kernel: Name,
  computing: Computing<As, Value, Input<Name>>,
): Stage<Value, Record<As, Result<Name>>>;
export function compute<Argument, Left, const As extends string, Value>(
  kernel: (input: Argument) => Left,
  computing: Computing<As, Value, Argument>,
): Stage<Value, Record<As, Awaited<Left>>>;
export function compute<As extends string, Value>(
  kernel: string | ((input: never) => unknown),
  computing: Computing<As, Value, unknown>,
): Stage<Value, Record<As, unknown>> {
  requireArguments(kernel, computing);
  const { as, from, timeoutMs } = computing;
  const name = typeof kernel === 'string' ? kernel : kernel.name;
  return defineStage({
    name: `compute_${as.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    concurrency: 8,
    needs: readsOf(from),
    adds: [as],
    kernels: [name],
    ...(timeoutMs !== undefined && { timeoutMs }),
    run: async (value: Value, context) => {
      // The pool may have more kernels than ours; the types above check the argument of each.
      const pool = context.compute as unknown as ComputePool<KernelTable>;
      const input = from(value, context.job);
      const result: unknown = await pool
        .run(name, input as never, context.signal)
        .catch((error: unknown) => Promise.reject(explained({ kernel: name, as, input }, error)));
      if (result === undefined) throw nothingLeft(name, as);
      // A computed key loses its name in the type of an object literal.
      return { [as]: result } as Record<As, unknown>;
    },
  });
}

interface Failed {
  readonly kernel: string;
  readonly as: string;
  readonly input: unknown;
}

/** An error that nobody has a name for, with the kernel that threw it and what that got. */
function explained({ kernel, as, input }: Failed, error: unknown): unknown {
  if (!(error instanceof KnownError) || error.code !== 'internal') return error;
  const got = isObject(input) ? membersInWords(input) : inWords(input);
  const message = `The kernel "${kernel}", which makes "${as}", failed. ${error.message} It got ${got}.`;
  return new KnownError('internal', message, { cause: error.cause ?? error });
}

function membersInWords(input: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(input).map(([name, value]) => {
    const shape = isArrayLike(value) && isObject(value) ? value['shape'] : undefined;
    return `${name}: ${Array.isArray(shape) ? `shape [${shape.join(', ')}]` : inWords(value)}`;
  });
  return words.join(', ');
}

function nothingLeft(kernel: string, as: string): KnownError {
  const message = `The kernel "${kernel}" returned nothing, but must return what is left as "${as}".`;
  return new KnownError('bad_workflow', message);
}

/** The compiler checks this for TypeScript; authors of JavaScript learn of a mistake here, at the start. */
function requireArguments(kernel: unknown, computing: unknown): void {
  const isNamed = typeof kernel === 'string' || (typeof kernel === 'function' && kernel.name);
  if (!isNamed) {
    throw new TypeError('compute needs a kernel: the name of one, or a function that has a name.');
  }
  if (!isObject(computing)) {
    const example = "{ as: 'labels', from: ({ image }) => ({ image }) }";
    throw new TypeError(`compute needs where its result goes and what it gets: ${example}.`);
  }
  const problems = memberProblems(computing, COMPUTING, 'what compute takes');
  if (problems.length > 0) throw new TypeError(`compute: ${problems.join(' ')}`);
}

const COMPUTING: Rules = {
  as: textLike(/^[A-Za-z]\w*$/, "the name of the result: letters, digits and _, such as 'labels'"),
  from: { ...A_FUNCTION, allowed: 'a function, such as ({ image }) => ({ image })' },
  timeoutMs: orAbsent(MILLISECONDS),
};
