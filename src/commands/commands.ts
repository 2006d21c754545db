import type { Command } from './command-line/command.ts';
import { defineCommand } from './command-line/define-command.ts';
import { flag } from './command-line/flag.ts';
import { local } from './local/declaration.ts';
import { LATER_COMMANDS } from './later-commands.ts';
import { ACTIONS } from './dead-letters/actions.ts';
import { PIXEL_SIZE_OPTION, RESULT_OPTIONS, outputOption, resultForms } from './result-options.ts';
import { modelServer } from './model-server/declaration.ts';
import { workflow } from './workflow/workflow-command.ts';
import { SHELLS } from './completion/shells.ts';

/*
 * Every command: help, completion and parsing are made from this table. What a command does is loaded when it
 * is called, so that a short one does not wait for the libraries of the others.
 */

const run = defineCommand({
  name: 'run',
  summary: 'Run the consumer (also without a command). Settings come from the environment.',
  options: {},
  examples: [
    {
      shows: 'Take jobs from the queue `segmentation`, with a folder as bucket.',
      words:
        'run    # with CONSUMER_TYPE=segmentation QUEUE=segmentation STORAGE_BUCKET=file:///tmp/bucket',
    },
  ],
  run: async () => (await import('../consumer/run.ts')).run(),
});

const submit = defineCommand({
  name: 'submit',
  summary: 'Submit images as jobs, wait for them, and leave results: masks, tables, pictures.',
  operands: { name: 'FILE', least: 1, most: Infinity, offers: 'files' },
  options: {
    queue: {
      type: 'string',
      short: 'q',
      value: 'QUEUE',
      required: true,
      offers: 'queues',
      summary: 'Queue of the jobs; archives go to QUEUE-zip.',
    },
    field: {
      type: 'string',
      short: 'f',
      value: 'NAME=VALUE',
      multiple: true,
      offers: 'fields',
      summary: 'A field of the jobs, such as channels=0,1; the fields are below.',
    },
    'pixel-size': PIXEL_SIZE_OPTION,
    output: outputOption('Folder for results: one folder per image, and index.html for all.'),
    timeout: {
      type: 'string',
      value: 'SECONDS',
      summary: 'Stop waiting after so long; the jobs go on.',
    },
    'as-zip': flag('Pack all images into one archive, and submit that to QUEUE-zip.'),
    ...RESULT_OPTIONS,
    'no-wait': flag('Print the keys of the jobs and do not wait.'),
    'dry-run': flag('Show which jobs would be submitted, and submit none.'),
    force: flag('Submit in spite of a field that no workflow reads or a queue that nobody knows.'),
  },
  examples: [
    {
      shows: 'Segment all images of a folder; results go to results/<name of the image>/.',
      words: 'submit images/ --queue segmentation --field channels=0,',
    },
    {
      shows: 'The same as one job of many; results go to results/images/.',
      words: 'submit images/ --as-zip --queue segmentation --field channels=0,',
    },
    {
      shows: 'Submit two images of tissue and look at them later.',
      words: 'submit a.tif b.tif --queue mesmer --field channels=0,1 --no-wait',
    },
  ],
  more: async () => (await import('./submit/fields-help.ts')).fieldsHelp(),
  run: async ({ values, operands }) =>
    (await import('./submit/submit.ts')).submit({
      paths: operands,
      queue: values.queue ?? '',
      fields: values.field ?? [],
      output: values.output,
      timeout: values.timeout,
      wait: !values['no-wait'],
      asZip: values['as-zip'],
      ...resultForms(values),
      pixelSize: values['pixel-size'],
      dryRun: values['dry-run'],
      force: values.force,
    }),
});

const status = defineCommand({
  name: 'status',
  summary: 'Show the queues, or the jobs with these keys.',
  operands: { name: 'KEY', least: 0, most: Infinity },
  options: {
    queue: {
      type: 'string',
      short: 'q',
      value: 'QUEUE',
      multiple: true,
      summary: 'Show this queue only.',
    },
    json: flag('Print JSON for a program to read.'),
    watch: flag('Show it again every two seconds, until Ctrl-C.'),
  },
  examples: [
    { shows: 'How many jobs wait, who works on how many, what has failed.', words: 'status' },
    {
      shows: 'Everything about one job.',
      words: 'status segmentation:cells.tif:3f0c4a52-4d7e-4b51-9f43-7a2f9b0f8a11',
    },
  ],
  run: async ({ values, operands }) =>
    (await import('./status/status.ts')).status({
      keys: operands,
      queues: values.queue ?? [],
      json: values.json,
      watch: values.watch,
    }),
});

const deadLetters = defineCommand({
  name: 'dead-letters',
  summary:
    'Show jobs that were given up because they crashed consumers; run them again or forget them.',
  operands: { name: 'list|inspect|redrive|drop KEY', least: 1, most: Infinity, offers: ACTIONS },
  options: {
    queue: {
      type: 'string',
      short: 'q',
      value: 'QUEUE',
      summary: 'Dead letters of this queue only.',
    },
    all: flag('All dead letters, in place of keys.'),
    json: flag('Print JSON for a program to read.'),
  },
  examples: [
    { shows: 'Which jobs were given up, since when and why.', words: 'dead-letters list' },
    {
      shows: 'All fields of one.',
      words: 'dead-letters inspect segmentation:cells.tif:3f0c4a52-4d7e-4b51-9f43-7a2f9b0f8a11',
    },
    {
      shows: 'Run all of a queue again, as new jobs.',
      words: 'dead-letters redrive --all --queue segmentation',
    },
  ],
  run: async ({ values, operands: [action = '', ...keys] }) =>
    (await import('./dead-letters/dead-letters.ts')).deadLetters({
      action,
      keys,
      queue: values.queue,
      all: values.all,
      json: values.json,
    }),
});

const doctor = defineCommand({
  name: 'doctor',
  summary: 'Try everything that a consumer with these settings needs, and say what is wrong.',
  options: {
    timeout: {
      type: 'string',
      value: 'SECONDS',
      default: '10',
      summary: 'Longest time for each check.',
    },
  },
  examples: [
    { shows: 'Check Redis, the bucket and the models of a workflow.', words: 'doctor' },
    {
      shows: 'The same for a model server that needs a minute to load.',
      words: 'doctor --timeout 60',
    },
  ],
  run: async ({ values }) => (await import('./doctor/doctor.ts')).doctor(values),
});

const checkConfig = defineCommand({
  name: 'check-config',
  aliases: ['--check-config'],
  summary: 'Show the settings in force, or all that is wrong with them.',
  options: {},
  examples: [],
  run: async () => (await import('./check-config.ts')).checkConfig(),
});

const completion = defineCommand({
  name: 'completion',
  summary: `Print a script that completes these commands in a shell: ${SHELLS.join(', ')}.`,
  operands: { name: 'SHELL', least: 1, most: 1, offers: SHELLS },
  options: {},
  examples: [
    {
      shows: 'For the shell that is running.',
      words: 'completion bash > ~/.kiosk-completion && source ~/.kiosk-completion',
    },
  ],
  run: async ({ operands: [shell = ''] }) =>
    (await import('./completion/completion.ts')).completion(shell, COMMANDS),
});

const help = defineCommand({
  name: 'help',
  aliases: ['--help', '-h'],
  summary: 'Show the commands, or everything about one.',
  operands: { name: 'COMMAND', least: 0, most: 1 },
  options: {},
  examples: [],
  run: async ({ operands: [name] }) => (await import('./help.ts')).help(name, COMMANDS),
});

const version = defineCommand({
  name: 'version',
  aliases: ['--version'],
  summary: 'Show the version.',
  options: {},
  examples: [],
  run: async () => (await import('../consumer/version.ts')).showVersion(),
});

/** In the order of help; the first runs when none is named. */
export const COMMANDS: readonly Command[] = [
  run,
  local,
  submit,
  status,
  ...LATER_COMMANDS,
  deadLetters,
  doctor,
  checkConfig,
  modelServer,
  workflow,
  completion,
  help,
  version,
];
