import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serializeError } from '../../../src/telemetry/log/error-serializer.ts';

test('only type, message, code, stack and causes of an error are logged', () => {
  const reply = Object.assign(new Error('WRONGPASS', { cause: 'no such user' }), {
    command: { name: 'auth', args: ['s3cr3t'] },
    code: 'WRONGPASS',
  });
  const { stack, ...logged } = serializeError(reply);
  assert.match(stack ?? '', /^Error: WRONGPASS\n {4}at /);
  assert.deepEqual(logged, {
    type: 'Error',
    message: 'WRONGPASS',
    code: 'WRONGPASS',
    cause: { type: 'string', message: 'no such user' },
  });
});

test('the errors of an AggregateError are logged in the same form, five at most', () => {
  const errors = Array.from({ length: 9 }, (_, n) => new RangeError(`number ${n}`));
  const { errors: logged = [] } = serializeError(new AggregateError(errors, 'all failed'));
  assert.deepEqual(
    logged.map(({ type, message }) => `${type}: ${message}`),
    ['number 0', 'number 1', 'number 2', 'number 3', 'number 4'].map(
      (text) => `RangeError: ${text}`,
    ),
  );
});

test('a circle of causes ends', () => {
  const error = new Error('circle');
  error.cause = error;
  let depth = 0;
  for (let one = serializeError(error).cause; one !== undefined; one = one.cause) depth++;
  assert.equal(depth, 5);
});

test('credentials of URLs are masked in messages and stacks, and long texts are cut', () => {
  const error = new Error(`connect to rediss://me:s3cr3t@host:6379 failed ${'x'.repeat(99_999)}`);
  const line = JSON.stringify(serializeError(error));
  assert.ok(!line.includes('s3cr3t'), line.slice(0, 300));
  assert.ok(line.length < 20_000);
});
