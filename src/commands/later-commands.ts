import { defineCommand } from './command-line/define-command.ts';
import { flag } from './command-line/flag.ts';
import { RESULT_OPTIONS, outputOption, resultForms } from './result-options.ts';

/** What is done with jobs that were submitted before. */

const queues = defineCommand({
  name: 'queues',
  summary:
    'Show each queue: how many jobs wait, how many are in work, and which consumers serve it.',
  options: {
    json: flag('Print JSON for a program to read.'),
  },
  examples: [{ shows: 'Whether anybody takes the jobs of a queue.', words: 'queues' }],
  run: async ({ values }) => (await import('./queues/queues.ts')).queues({ json: values.json }),
});

const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'Fetch the results of jobs that nobody waited for, and leave them as submit does.',
  operands: { name: 'KEY', least: 0, most: Infinity },
  options: {
    manifest: {
      type: 'string',
      short: 'm',
      value: 'FILE',
      offers: 'files',
      summary: 'Fetch what had not ended when this manifest.json was written, into its folder.',
    },
    output: outputOption('Folder for the results of these keys.'),
    ...RESULT_OPTIONS,
  },
  examples: [
    {
      shows: 'The rest of a batch, after Ctrl-C.',
      words: 'fetch --manifest results/manifest.json',
    },
  ],
  run: async ({ values, operands }) =>
    (await import('./fetch/fetch.ts')).fetchResults({
      keys: operands,
      manifest: values.manifest,
      output: values.output,
      ...resultForms(values),
    }),
});

const retry = defineCommand({
  name: 'retry',
  summary: 'Submit failed jobs again, each as a new job with the same fields.',
  operands: { name: 'KEY', least: 0, most: Infinity },
  options: {
    code: {
      type: 'string',
      short: 'c',
      value: 'CODE',
      summary: 'All failed jobs with this code, in place of keys; status shows the codes.',
    },
    queue: {
      type: 'string',
      short: 'q',
      value: 'QUEUE',
      summary: 'With --code: only those of this queue.',
    },
  },
  examples: [
    {
      shows: 'Everything in a queue that a model server refused.',
      words: 'retry --code model_rejected --queue segmentation',
    },
  ],
  run: async ({ values, operands }) =>
    (await import('./retry/retry.ts')).retry({
      keys: operands,
      code: values.code,
      queue: values.queue,
    }),
});

const cancel = defineCommand({
  name: 'cancel',
  summary: 'Take waiting jobs out of their queue; those that a consumer has go on.',
  operands: { name: 'KEY', least: 1, most: Infinity },
  options: {},
  examples: [
    {
      shows: 'A job that was submitted by mistake.',
      words: 'cancel spot:mistake.tif:3f0c4a52-4d7e-4b51-9f43-7a2f9b0f8a11',
    },
  ],
  run: async ({ operands }) => (await import('./cancel/cancel.ts')).cancel(operands),
});

/** In the order of help. */
export const LATER_COMMANDS = [queues, fetchCommand, retry, cancel];
