import type { JobState } from './state.ts';

export interface Answering {
  readonly state: JobState;
  /** Does something on the server, or fails as the test wants. */
  readonly ask: <Result>(question: () => Result) => Promise<Result>;
  readonly problem: () => string | undefined;
}
