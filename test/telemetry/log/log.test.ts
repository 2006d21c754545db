import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Fact } from '../../../src/facts/flow.ts';
import { logEvents, openLog } from '../../../src/telemetry/log/log.ts';

/** Level, job and text of the lines for some facts. */
function linesOf(...facts: readonly Fact[]): string[] {
  const lines: string[] = [];
  const log = openLog({
    level: 'INFO',
    format: 'json',
    hostName: 'host',
    queue: 'queue',
    destination: {
      write(json: string) {
        const { level, job, msg } = JSON.parse(json) as Record<string, string>;
        lines.push(`${level} ${job ?? '-'} ${msg}`);
      },
    },
  });
  const tell = logEvents(log);
  for (const fact of facts) tell(fact);
  return lines;
}

it('a write of the consumer itself that failed is no line of a job', () => {
  const failed = { type: 'write failed', code: 'redis_unreachable', message: 'Gone.' } as const;
  assert.deepEqual(linesOf({ ...failed, key: 'image:a' }, failed), [
    'warn image:a Could not write to Redis: Gone.',
    'warn - Could not write to Redis: Gone.',
  ]);
});

it('a Redis that is away for a while is a warning, one that refuses us an error', () => {
  const errors = [
    new KnownError('redis_unreachable', 'Away.'),
    new KnownError('redis_auth', 'Refused.'),
  ];
  assert.deepEqual(linesOf(...errors.map((error) => ({ type: 'intake failed', error }) as const)), [
    'warn - Away.',
    'error - Refused.',
  ]);
});
