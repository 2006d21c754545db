import { defineCommand } from '../command-line/define-command.ts';
import { flag } from '../command-line/flag.ts';

/** The command `model-server`; what it does is loaded when it is called. */
export const modelServer = defineCommand({
  name: 'model-server',
  summary:
    'Serve classical stand-ins for the models, to try everything without a GPU; or ONNX files.',
  options: {
    onnx: {
      type: 'string',
      value: 'MODEL:VERSION=FILE',
      multiple: true,
      offers: 'files',
      summary: 'Serve this ONNX file as this model, and no stand-ins; needs onnxruntime-node.',
    },
    workflow: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      offers: 'files',
      summary: 'Serve the `testModels` of this workflow too, beside the stand-ins.',
    },
    host: {
      type: 'string',
      value: 'ADDRESS',
      default: '127.0.0.1',
      summary: 'Address to listen on.',
    },
    port: { type: 'string', value: 'PORT', default: '8500', summary: 'Port; 0: any free one.' },
    'max-batch-size': {
      type: 'string',
      value: 'ROWS',
      default: '32',
      summary: 'Rows of a request at most.',
    },
    'parallel-batches': {
      type: 'string',
      value: 'NUMBER',
      default: '2',
      summary: 'Batches computed at a time.',
    },
    'queued-batches': {
      type: 'string',
      value: 'NUMBER',
      default: '512',
      summary: 'Batches that may wait; more are refused.',
    },
    'tensor-content': flag('Answer with packed bytes in place of lists of floats.'),
    'slower-by-ms': {
      type: 'string',
      value: 'MILLISECONDS',
      default: '0',
      summary: 'Answer later by so much.',
    },
  },
  examples: [
    { shows: 'For a consumer with TF_HOST=localhost.', words: 'model-server --port 8500' },
    {
      shows: 'A model of your own in place of the one for nuclei.',
      words: 'model-server --port 8500 --onnx NuclearSegmentation:6=model.onnx',
    },
  ],
  run: async ({ values }) => (await import('./serve-models.ts')).serveModels(values),
});
