import { defineCommand } from '../command-line/define-command.ts';
import { flag } from '../command-line/flag.ts';
import { PIXEL_SIZE_OPTION, RESULT_OPTIONS, outputOption, resultForms } from '../result-options.ts';

/** The command `local`; what it does is loaded when it is called. */
export const local = defineCommand({
  name: 'local',
  summary: 'Work on images with everything on this machine: no settings, nothing left running.',
  operands: { name: 'FILE', least: 1, most: Infinity, offers: 'files' },
  options: {
    workflow: {
      type: 'string',
      short: 'w',
      value: 'WORKFLOW',
      default: 'segmentation',
      offers: 'queues',
      summary: 'What is done with each image.',
    },
    field: {
      type: 'string',
      short: 'f',
      value: 'NAME=VALUE',
      multiple: true,
      offers: 'fields',
      summary: 'A field of the jobs, as `submit --help` lists them.',
    },
    'pixel-size': PIXEL_SIZE_OPTION,
    output: outputOption('Folder for results; files that already have results there are skipped.'),
    models: {
      type: 'string',
      value: 'HOST:PORT|[MODEL=]FILE.onnx',
      multiple: true,
      offers: 'files',
      summary:
        'A TensorFlow Serving or Triton with the real models, or ONNX files; else a classical stand-in.',
    },
    watch: flag('Go on with files as they appear, until Ctrl-C.'),
    ...RESULT_OPTIONS,
  },
  examples: [
    {
      shows: 'Count and outline the nuclei of all images of a folder; look at results/index.html.',
      words: 'local images/',
    },
    {
      shows: 'The same with a model of your own.',
      words: 'local images/ --models model.onnx',
    },
  ],
  run: async ({ values, operands }) =>
    (await import('./local.ts')).local({
      paths: operands,
      workflow: values.workflow,
      fields: values.field ?? [],
      pixelSize: values['pixel-size'],
      output: values.output,
      models: values.models ?? [],
      watch: values.watch,
      ...resultForms(values),
    }),
});
