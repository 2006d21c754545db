/**
 * The results of some work on values, in the order of the values, while up to `concurrency` values are worked
 * on or wait for their turn. The first error ends it; then, and when nobody wants more, the signal of the
 * work fires.
 */
export async function* inOrder<Value, Result>(
  values: Iterable<Value> | AsyncIterable<Value>,
  concurrency: number,
  work: (value: Value, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result> {
  const control = new AbortController();
  const inWork: Promise<Result>[] = [];
  try {
    for await (const value of values) {
      const result = work(value, control.signal);
      // The caller gets the error when it waits for this; until then a rejection must not end the process.
      result.catch(() => undefined);
      inWork.push(result);
      const [first] = inWork;
      if (inWork.length < concurrency || first === undefined) continue;
      yield await first;
      void inWork.shift();
    }
    for (const result of inWork) yield await result;
  } finally {
    control.abort();
  }
}
