import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { CallError, type FailureReason } from '../../../../src/adapters/model-server/call-error.ts';
import {
  callError,
  provesLife,
} from '../../../../src/adapters/model-server/connection/status-error.ts';
import type { ErrorCode } from '../../../../src/errors.ts';

interface Row {
  readonly status: keyof typeof status;
  readonly details: string;
  readonly code: ErrorCode;
  readonly reason: FailureReason;
  /** Whether the status came over the wire. */
  readonly answered?: boolean;
  /** The message, where it is not that of the server. */
  readonly message?: string;
}

/** The words are those of TensorFlow Serving, Triton, proxies and grpc-js. */
// prettier-ignore
const TABLE: readonly Row[] = [
  { status: 'UNAVAILABLE', details: 'No connection established. Last error: Error: connect ECONNREFUSED 10.0.0.7:8500. Resolution note: ', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 refused the connection.' },
  { status: 'UNAVAILABLE', details: 'No connection established. Last error: Error: self-signed certificate. Resolution note: ', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 cannot be reached (self-signed certificate).' },
  { status: 'UNAVAILABLE', details: 'No connection established. Last error: Failed to connect (2026-11-26T16:19:18.243Z). Resolution note: ', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 cannot be reached.' },
  { status: 'UNAVAILABLE', details: 'No connection established. Last error: Protocol error (2026-11-26T16:19:18.347Z). Resolution note: ', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 does not speak gRPC.' },
  { status: 'UNAVAILABLE', details: 'Connection dropped', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 closed the connection.' },
  { status: 'DEADLINE_EXCEEDED', details: 'Deadline exceeded after 5.000s,name resolution: 0.001s,wait_for_ready,Waiting for LB pick', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 did not accept a connection in time.' },
  { status: 'UNAVAILABLE', details: 'Received HTTP status code 503', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 is behind a proxy that answers HTTP 503.' },
  { status: 'INTERNAL', details: 'Received RST_STREAM with code 2 (Internal server error)', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 closed the connection.' },
  { status: 'CANCELLED', details: 'Call cancelled', code: 'model_server_unavailable', reason: { type: 'no answer' }, message: '10.0.0.7:8500 cannot be reached (Call cancelled).' },
  { status: 'UNAVAILABLE', details: 'no healthy upstream', answered: true, code: 'model_server_unavailable', reason: { type: 'not served' } },
  { status: 'UNAVAILABLE', details: 'The batch scheduling queue to which this task was submitted is full', answered: true, code: 'model_server_overloaded', reason: { type: 'queue full' } },
  { status: 'UNAVAILABLE', details: 'Exceeds maximum queue size', answered: true, code: 'model_server_overloaded', reason: { type: 'queue full' } },
  { status: 'UNAVAILABLE', details: "Request for unknown model: 'x' is not found", answered: true, code: 'unknown_model', reason: { type: 'unknown model' } },
  { status: 'RESOURCE_EXHAUSTED', details: 'OOM when allocating tensor with shape[32,64,256,256]', answered: true, code: 'model_server_overloaded', reason: { type: 'out of memory' } },
  { status: 'DEADLINE_EXCEEDED', details: 'Deadline exceeded after 20.001s,name resolution: 0.002s,LB pick: 0.001s,remote_addr=10.0.0.7:8500', code: 'model_deadline', reason: { type: 'deadline' }, message: '10.0.0.7:8500 did not answer in time.' },
  { status: 'INVALID_ARGUMENT', details: 'Task size 40 is larger than maximum input batch size 32', answered: true, code: 'model_rejected', reason: { type: 'too many rows', maxRows: 32 } },
  { status: 'INVALID_ARGUMENT', details: "inference request batch-size must be <= 8 for 'nuclei'", answered: true, code: 'model_rejected', reason: { type: 'too many rows', maxRows: 8 } },
  { status: 'INVALID_ARGUMENT', details: 'Expects arg[0] to be float but int32 is provided', answered: true, code: 'model_rejected', reason: { type: 'rejected' } },
  { status: 'NOT_FOUND', details: 'Servable not found for request: Specific(NuclearSegmentation, 7)', answered: true, code: 'unknown_model', reason: { type: 'unknown model' } },
  { status: 'UNIMPLEMENTED', details: '', answered: true, code: 'model_server_unavailable', reason: { type: 'not served' } },
  { status: 'UNAUTHENTICATED', details: 'token expired', answered: true, code: 'model_server_unavailable', reason: { type: 'not served' } },
  { status: 'INTERNAL', details: 'cuDNN launch failure : input shape ([1,64,256,256])', answered: true, code: 'model_server_error', reason: { type: 'fault' } },
  { status: 'UNKNOWN', details: 'Received HTTP status code 500', code: 'model_server_error', reason: { type: 'fault' } },
  { status: 'FAILED_PRECONDITION', details: 'Could not find variable dense/kernel', answered: true, code: 'model_server_error', reason: { type: 'fault' } },
  { status: 'ABORTED', details: 'try again', answered: true, code: 'model_server_unavailable', reason: { type: 'not served' } },
];

function serviceError({ status: name, details, answered = false }: Row): ServiceError {
  const metadata = new Metadata();
  if (answered) metadata.set('content-type', 'application/grpc');
  return Object.assign(new Error(`${name} ${details}`), { code: status[name], details, metadata });
}

const called = {
  address: '10.0.0.7:8500',
  model: 'NuclearSegmentation:6',
  signal: new AbortController().signal,
};

describe('a gRPC status', () => {
  for (const row of TABLE) {
    test(`${row.status} ${row.details}`, () => {
      const error = callError(serviceError(row), called);
      assert.ok(error instanceof CallError);
      assert.equal(error.code, row.code);
      assert.deepEqual(error.reason, row.reason);
      if (row.message !== undefined) assert.equal(error.message, row.message);
      else assert.ok(error.message.endsWith(row.details === '' ? '.' : row.details));
      assert.equal(error.details['grpcCode'], row.status);
      assert.equal(error.details['grpcDetails'], row.details);
    });
  }
});

describe('a server lives', () => {
  const lives = (row: Omit<Row, 'code' | 'reason'>): boolean =>
    provesLife(serviceError({ ...row, code: 'internal', reason: { type: 'fault' } }));

  test('if it answers, whatever it answers', () => {
    const names = ['UNIMPLEMENTED', 'NOT_FOUND', 'INTERNAL', 'UNAUTHENTICATED'] as const;
    for (const name of names) assert.ok(lives({ status: name, details: '', answered: true }));
    assert.ok(lives({ status: 'UNIMPLEMENTED', details: 'Received HTTP status code 404' }));
  });

  test('not if gRPC speaks for itself, or a proxy for a server that is not there', () => {
    assert.ok(!lives({ status: 'UNAVAILABLE', details: 'Connection dropped' }));
    assert.ok(!lives({ status: 'DEADLINE_EXCEEDED', details: 'Deadline exceeded' }));
    assert.ok(!lives({ status: 'UNAVAILABLE', details: 'no healthy upstream', answered: true }));
    assert.ok(!lives({ status: 'UNAVAILABLE', details: 'Received HTTP status code 502' }));
  });
});

test('the words of a server are cut at a sensible length', () => {
  const details = 'x'.repeat(10_000);
  const row = { status: 'INVALID_ARGUMENT', details, answered: true } as const;
  const error = callError(
    serviceError({ ...row, code: 'model_rejected', reason: { type: 'rejected' } }),
    called,
  );
  assert.ok(error instanceof CallError);
  assert.ok(error.message.length < 600);
});

test('what is no gRPC error stays what it is', () => {
  const bug = new TypeError('undefined is not a function');
  assert.equal(callError(bug, called), bug);
});
