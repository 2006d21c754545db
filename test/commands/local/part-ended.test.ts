import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastError, partEnded } from '../../../src/commands/local/part-ended.ts';

const AT = '2026-11-27T06:50:51.935Z';

test('the last error of a log is found, wherever its pieces are cut', () => {
  const errors = new LastError();
  const log = [
    `${AT} [ERROR]:[consumer]: Could not reach Redis.`,
    `${AT} [FATAL]:[consumer]: Stopped: Port 8080 is in use; set HTTP_PORT.`,
    `${AT} [INFO]:[consumer]: Stopped`,
    '',
  ].join('\n');
  for (const letter of log) errors.hear(Buffer.from(letter));
  assert.equal(errors.last, 'Port 8080 is in use; set HTTP_PORT.');
  assert.equal(new LastError().last, undefined);
});

test('how a part ended, its last error and what to do are said', () => {
  const log = 'results/local.log';
  const next =
    'What is done is kept, and the same command goes on; "results/local.log" has all lines.';
  for (const [exitCode, signalCode, lastError, said] of [
    [1, null, 'No.', 'The consumer ended with code 1. Its last error: No.'],
    [null, 'SIGTERM', undefined, 'The consumer was ended by SIGTERM.'],
    [null, 'SIGKILL', undefined, 'The consumer was ended by SIGKILL. Usually memory has run out.'],
  ] as const) {
    const error = partEnded('The consumer', { exitCode, signalCode }, { log, lastError });
    assert.equal(error.code, 'part_ended');
    assert.equal(error.message, `${said} ${next}`);
  }
});
