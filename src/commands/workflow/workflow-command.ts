import { defineCommand } from '../command-line/define-command.ts';
import { ACTIONS } from './actions.ts';

/** Workflows of authors. */
export const workflow = defineCommand({
  name: 'workflow',
  summary:
    'Make a workflow of your own, check it, run it once without Redis, or print its manifests.',
  operands: {
    name: 'new NAME|check FILE|run FILE|deploy FILE',
    least: 2,
    most: 2,
    offers: ACTIONS,
  },
  options: {
    input: {
      type: 'string',
      short: 'i',
      value: 'IMAGE',
      offers: 'files',
      summary: 'The image to run it on.',
    },
    field: {
      type: 'string',
      short: 'f',
      value: 'NAME=VALUE',
      multiple: true,
      offers: 'fields',
      summary: 'A field of the job, for `run`.',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FOLDER',
      default: 'results',
      offers: 'folders',
      summary: 'Where `run` leaves the result, and pictures of labels.',
    },
    package: {
      type: 'string',
      value: 'SPEC',
      summary: 'What the package.json of `new` asks for: a version, or a file of `npm pack`.',
    },
  },
  examples: [
    {
      shows: 'A folder with a workflow, its test and a sample.',
      words: 'workflow new my-workflow',
    },
    {
      shows: 'What a consumer would refuse at its start.',
      words: 'workflow check my-workflow/my-workflow.ts',
    },
    {
      shows: 'One run on an image; stand-ins take the place of the models.',
      words: 'workflow run my-workflow/my-workflow.ts --input my-workflow/sample.tif',
    },
    {
      shows: 'What Kubernetes needs for it; a built-in one is named.',
      words: 'workflow deploy my-workflow/my-workflow.ts',
    },
  ],
  run: async ({ values, operands: [action = '', file = ''] }) =>
    (await import('./workflow.ts')).workflow({
      action,
      file,
      input: values.input,
      fields: values.field ?? [],
      output: values.output,
      package: values.package,
    }),
});
