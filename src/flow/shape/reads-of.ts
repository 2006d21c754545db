import { type Job, unqueuedJob } from '../../job/job.ts';

/** Members that JavaScript itself asks any object for. */
const ASKED_OF_ALL = new Set(['then', 'toJSON', ...Object.getOwnPropertyNames(Object.prototype)]);

/**
 * The fields that a function reads of the value of a stage, found by calling it with a value that has none of
 * them: as far as it gets. So the order of stages is checked where the function is all that says what it needs;
 * the compiler says the same of TypeScript.
 */
export function readsOf(read: (value: never, job: Job) => unknown): string[] {
  const names = new Set<string>();
  const get = (_: object, name: string | symbol): undefined => {
    if (typeof name === 'string' && !ASKED_OF_ALL.has(name)) names.add(name);
  };
  try {
    // It has the type that the function asks for, and nothing in it.
    const made = read(new Proxy({}, { get }) as never, unqueuedJob());
    if (made instanceof Promise) made.catch(() => undefined);
  } catch {
    // It got as far as it could without a value.
  }
  return [...names];
}
