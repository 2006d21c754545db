import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { rootMessage, translateRedisError } from '../../../src/adapters/redis/translate-error.ts';

/** What servers said, recorded from Redis 6.0.16, 7.0.15 and 8.0.2 and Valkey 8.1.1. */
const RECORDED: readonly (readonly [string, string])[] = [
  [
    "NOPERM this user has no permissions to run the 'hset' command or its subcommand",
    'redis_permission',
  ],
  ["NOPERM User weak has no permissions to run the 'client|id' command", 'redis_permission'],
  ['NOPERM No permissions to access a key', 'redis_permission'],
  ['NOAUTH Authentication required.', 'redis_auth'],
  ['Ready check failed: NOAUTH Authentication required.', 'redis_auth'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'redis_auth'],
  ['ERR invalid password', 'redis_auth'],
  ['ERR max number of clients reached', 'redis_unreachable'],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'redis_unreachable',
  ],
  ['LOADING Redis is loading the dataset in memory', 'redis_unreachable'],
  [
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'redis_unreachable',
  ],
  [
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    'redis_unreachable',
  ],
  ["ERR unknown command 'BRPOPLPUSH', with args beginning with: 'image'", 'redis_unsupported'],
  ["CROSSSLOT Keys in request don't hash to the same slot", 'redis_unsupported'],
  ['MOVED 3999 127.0.0.1:6381', 'redis_unsupported'],
  ['ERR wrong number of arguments for hset command', 'internal'],
  // The connection.
  ['connect ECONNREFUSED 127.0.0.1:6379', 'redis_unreachable'],
  ['Connection is closed.', 'redis_unreachable'],
  ['Command timed out', 'redis_unreachable'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'redis_unreachable'],
  ['self-signed certificate in certificate chain', 'redis_unreachable'],
];

test('tells what passes from what a restart or an operator must end', () => {
  for (const [message, code] of RECORDED) {
    assert.equal(translateRedisError(new Error(message), 'redis:6379').code, code, message);
  }
});

test('quotes the server without what stands around its words', () => {
  const said =
    "ERR Error running script (call to f_818383792d807579bce6dc7a48a9ff07f64e8f56): @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.";
  const { message } = translateRedisError(new Error(said), 'redis:6379');
  assert.equal(
    message,
    "Redis at redis:6379 cannot be used now: OOM command not allowed when used memory > 'maxmemory'.",
  );
  assert.equal(rootMessage('Ready check failed: NOAUTH x'), 'NOAUTH x');
  assert.equal(rootMessage('ERR anything else'), 'ERR anything else');
});

test('names no option of the library', () => {
  const said = (words: string): string =>
    translateRedisError(new Error(words), 'redis:6379').message;
  const none = 'Redis at redis:6379 cannot be used now: there is no connection';
  assert.equal(said("Stream isn't writeable and enableOfflineQueue options is false"), none);
  assert.equal(said('Connection is closed.'), none);
  assert.match(said('Command timed out'), /: it did not answer in time$/);
});

test('says what to do about TLS', () => {
  const { message } = translateRedisError(new Error('self-signed certificate'), 'redis:6379');
  assert.match(message, /REDIS_CA_FILE/);
  const wrong = translateRedisError(new Error('SSL routines:wrong version number'), 'redis:6379');
  assert.match(wrong.message, /REDIS_TLS/);
});

test('leaves an error alone whose meaning is known', () => {
  const error = new KnownError('shutting_down', 'The consumer is stopping.');
  assert.equal(translateRedisError(error, 'redis:6379'), error);
});
