import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translateRedisError } from '../../src/adapters/redis/translate-error.ts';
import type { ErrorCode } from '../../src/errors.ts';

const SCRIPT = 'f_818383792d807579bce6dc7a48a9ff07f64e8f56';
const UP_TO_6 = `ERR Error running script (call to ${SCRIPT}): @user_script:1:`;
const FROM_7 = `script: ${SCRIPT.slice(2)}, on @user_script:1.`;

/** What servers said of errors inside scripts, recorded from Redis 6.0.16, 7.0.15 and 8.0.2 and Valkey 8.1.1. */
const RECORDED: Readonly<Record<string, readonly [ErrorCode, ...(readonly string[])]>> = {
  'is full': [
    'redis_unreachable',
    `${UP_TO_6} @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.`,
    `OOM command not allowed when used memory > 'maxmemory'. ${FROM_7}`,
  ],
  'is a replica': [
    'redis_unreachable',
    `${UP_TO_6} @user_script: 1: -READONLY You can't write against a read only replica.`,
    `READONLY You can't write against a read only replica. ${FROM_7}`,
  ],
  'has lost its replicas': [
    'redis_unreachable',
    `NOREPLICAS Not enough good replicas to write. ${FROM_7}`,
  ],
  'has a key of another type': [
    'internal',
    `${UP_TO_6} WRONGTYPE Operation against a key holding the wrong kind of value`,
    `WRONGTYPE Operation against a key holding the wrong kind of value ${FROM_7}`,
  ],
  'has run a script with a bug': [
    'internal',
    `${UP_TO_6} user_script:1: attempt to index local 'x' (a nil value)`,
    `ERR user_script:1: attempt to index local 'x' (a nil value) ${FROM_7}`,
  ],
  'lacks a command': [
    'redis_unsupported',
    `${UP_TO_6} @user_script: 1: Unknown Redis command called from Lua script`,
    `ERR Unknown Redis command called from script ${FROM_7}`,
    `ERR Unknown command called from script ${FROM_7}`,
  ],
  'forbids a command': [
    'redis_permission',
    `${UP_TO_6} @user_script: 1: The user executing the script can't run this command or subcommand`,
    `ERR The user executing the script can't run this command or subcommand ${FROM_7}`,
    `ERR ACL failure in script: No permissions to access a key ${FROM_7}`,
  ],
};

for (const [what, [code, ...texts]] of Object.entries(RECORDED)) {
  test(`a Redis that ${what} is understood whatever its version`, () => {
    for (const text of texts)
      assert.equal(translateRedisError(new Error(text), 'redis:6379').code, code, text);
  });
}
