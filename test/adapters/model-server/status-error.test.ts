import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { meaningOf } from '../../../src/adapters/model-server/status-error.ts';
import { KnownError, type ErrorCode } from '../../../src/errors.ts';

type Row = [keyof typeof status, string, ErrorCode, Readonly<Record<string, unknown>>?];

/** The words are those of TensorFlow Serving, Triton and grpc-js. */
const TABLE: Row[] = [
  [
    'UNAVAILABLE',
    'No connection established. Last error: connect ECONNREFUSED',
    'model_server_unavailable',
  ],
  [
    'UNAVAILABLE',
    'The batch scheduling queue to which this task was submitted is full',
    'model_server_overloaded',
    { counts: false },
  ],
  ['UNAVAILABLE', 'Exceeds maximum queue size', 'model_server_overloaded', { counts: false }],
  ['UNAVAILABLE', "Request for unknown model: 'x' is not found", 'unknown_model'],
  [
    'RESOURCE_EXHAUSTED',
    'OOM when allocating tensor with shape[32,64,256,256]',
    'model_server_overloaded',
    { outOfMemory: true },
  ],
  ['DEADLINE_EXCEEDED', 'Deadline exceeded after 20.001s', 'model_deadline'],
  [
    'INVALID_ARGUMENT',
    'Task size 40 is larger than maximum input batch size 32',
    'model_rejected',
    { maxBatchSize: 32 },
  ],
  [
    'INVALID_ARGUMENT',
    "inference request batch-size must be <= 8 for 'nuclei'",
    'model_rejected',
    { maxBatchSize: 8 },
  ],
  [
    'INVALID_ARGUMENT',
    'Expects arg[0] to be float but int32 is provided',
    'model_rejected',
    { maxBatchSize: undefined },
  ],
  ['FAILED_PRECONDITION', 'Serving signature name not found', 'model_rejected'],
  [
    'NOT_FOUND',
    'Servable not found for request: Specific(NuclearSegmentation, 7)',
    'unknown_model',
  ],
  ['UNIMPLEMENTED', '', 'model_server_unavailable'],
  ['UNAUTHENTICATED', 'token expired', 'model_server_unavailable'],
  [
    'INTERNAL',
    'Received RST_STREAM with code 2 (Internal server error)',
    'model_server_unavailable',
  ],
  ['INTERNAL', 'Failed to run cuBLAS routine', 'model_rejected'],
  ['CANCELLED', 'Call cancelled', 'model_server_unavailable'],
];

function serviceError(code: status, details: string): ServiceError {
  return Object.assign(new Error(`${code} ${details}`), {
    code,
    details,
    metadata: new Metadata(),
  });
}

describe('a gRPC status', () => {
  for (const [name, details, code, expected = {}] of TABLE) {
    test(`${name} ${details}`, () => {
      const asked = {
        address: '10.0.0.7:8500',
        model: 'NuclearSegmentation:6',
        signal: new AbortController().signal,
      };
      const meaning = meaningOf(serviceError(status[name], details), asked);
      assert.ok(meaning instanceof KnownError);
      assert.equal(meaning.code, code);
      assert.ok(meaning.message.endsWith(details === '' ? '.' : details));
      assert.equal(meaning.details['grpcCode'], name);
      for (const [key, value] of Object.entries(expected))
        assert.equal(meaning.details[key], value);
    });
  }
});

test('the words of a server are cut at a sensible length', () => {
  const asked = { address: 'a', signal: new AbortController().signal };
  const meaning = meaningOf(serviceError(status.INVALID_ARGUMENT, 'x'.repeat(10_000)), asked);
  assert.ok(meaning instanceof KnownError);
  assert.ok(meaning.message.length < 600);
});

test('what is no gRPC error stays what it is', () => {
  const bug = new TypeError('undefined is not a function');
  assert.equal(meaningOf(bug, { address: 'a', signal: new AbortController().signal }), bug);
});
