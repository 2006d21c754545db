import type { CatalogueEntry } from './entry.ts';

/** What may go wrong with models and their servers. */
export const MODEL_ERRORS = {
  unknown_model: {
    kind: 'bad_input',
    cause: 'The model server knows no model of this name and version.',
    remedy:
      'Check the model name and version in the job or the settings, and what the server has loaded.',
  },
  model_rejected: {
    kind: 'bad_input',
    cause: 'The model server refused the tensors, usually because of their shape.',
    remedy: 'Check that the image fits the model; the message quotes the server.',
  },
  model_mismatch: {
    kind: 'bad_input',
    cause: 'The inputs or outputs of the model are not those that the workflow needs.',
    remedy: 'Name a model that was exported for this workflow.',
  },
  unsupported_function: {
    kind: 'bad_input',
    cause: 'preprocess_function or postprocess_function names a function that does not exist here.',
    remedy: 'Use one of the names that the message lists.',
  },
  model_server_unavailable: {
    kind: 'unavailable',
    cause: 'No model server could be reached, or it is still loading.',
    remedy: 'Check TF_HOST, TF_PORT and the state of the model server; jobs wait until it is back.',
  },
  model_server_overloaded: {
    kind: 'unavailable',
    cause: 'The model server refused work because its queue or its memory is full.',
    remedy: 'None if it passes; otherwise lower PREDICT_CONCURRENCY or add model servers.',
  },
  model_server_error: {
    kind: 'unavailable',
    cause: 'A model server failed while it ran a model, often because of its GPU or memory.',
    remedy:
      'Read the log of the model server and restart it; meanwhile its predictions go to other servers.',
  },
  model_deadline: {
    kind: 'unavailable',
    cause: 'The model server did not answer within GRPC_TIMEOUT.',
    remedy: 'Look at the load of the model server; raise GRPC_TIMEOUT for slow models.',
  },
} as const satisfies Record<string, CatalogueEntry>;
