import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { untold } from '../../src/intake/untold.ts';

test('a stop that Redis was not told of is a trouble of Redis; other errors stay as they are', () => {
  const error = untold(new KnownError('shutting_down', 'The consumer is stopping.'));
  assert.equal(error.code, 'redis_unreachable');
  assert.match(error.message, /^Redis could not be told that this consumer stops/);
  const refused = new KnownError('redis_auth', 'Refused.');
  assert.equal(untold(refused), refused);
});
