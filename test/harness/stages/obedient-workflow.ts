import { execFileSync } from 'node:child_process';
import {
  type Job,
  type StageContext,
  defineStage,
  defineWorkflow,
  download,
  packageResults,
  pipeline,
  upload,
} from '../../../src/index.ts';

/** What a job does, by the first word of its file's name: `wait-5.tif` waits for five seconds. */
const ORDERS: Readonly<Record<string, (amount: number, context: StageContext) => unknown>> = {
  copy: () => undefined,
  wait: (seconds, { clock, signal }) => clock.sleep(seconds * 1000, signal),
  /** Leaves nothing else a turn. */
  block: (seconds) => {
    for (const end = performance.now() + seconds * 1000; performance.now() < end;);
  },
  /** Ends the process without a word, as the kernel does when memory is short. Its own `process.kill` is guarded. */
  kill: () => execFileSync('kill', ['-KILL', String(process.pid)]),
  /** Leaves an error uncaught as a library may, with no code of an author in its stack. */
  bug: (_, { clock, signal }) => {
    const error = new Error('The state of a stream is broken.');
    error.stack = `${error.message}\n    at node:internal/streams/readable:1:1`;
    setTimeout(() => {
      throw error;
    });
    return clock.sleep(3_600_000, signal);
  },
  /** Fills the heap until V8 gives up. */
  heap: () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 1_000_000 }, (_, n) => n + hoard.length));
  },
};

const obey = defineStage({
  name: 'obey',
  concurrency: 100,
  run: async (_: { readonly file: Uint8Array }, context) => {
    const { order, amount } = orderOf(context.job);
    await ORDERS[order]?.(amount, context);
    return {};
  },
});

function orderOf({ inputFileName }: Job): { readonly order: string; readonly amount: number } {
  const [, order = '', amount = '0'] = /([a-z]+)-?([\d.]*)[^/]*$/.exec(inputFileName) ?? [];
  return { order, amount: Number.parseFloat(amount) };
}

/** A workflow whose jobs misbehave as the names of their files say, and then store a copy of the file. */
export default defineWorkflow({
  name: 'obedient',
  summary: 'Does what the name of the file says.',
  accepts: (job) => {
    if (orderOf(job).order === 'throw') throw new TypeError('no such field');
    return true;
  },
  settings: {},
  pipeline: () =>
    pipeline(
      download,
      obey,
      packageResults(({ file }: { file: Uint8Array }) => [
        { kind: 'bytes', name: 'copy', bytes: file },
      ]),
      upload,
    ),
});

/** What makes a consumer run this workflow. */
export const OBEDIENT = {
  CONSUMER_TYPE: 'obedient',
  WORKFLOW_MODULES: import.meta.filename,
} as const;
