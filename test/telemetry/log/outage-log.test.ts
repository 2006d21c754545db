import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutageLog } from '../../../src/telemetry/log/outage-log.ts';

function logged() {
  const lines: string[] = [];
  let now = 0;
  const log = {
    info: (line: string) => void lines.push(`info ${line}`),
    warn: (line: string) => void lines.push(`warn ${line}`),
  };
  const outages = new OutageLog(log, { monotonic: () => now });
  return { lines, outages, pass: (seconds: number) => void (now += seconds * 1000) };
}

test('an outage is logged when it begins, every five minutes, and when it ends', () => {
  const { lines, outages, pass } = logged();
  outages.tell('Redis', undefined);
  for (let second = 0; second < 660; second += 3) {
    outages.tell('Redis', 'Redis cannot be used now');
    pass(3);
  }
  outages.tell('Redis', undefined);
  outages.tell('Redis', undefined);
  assert.deepEqual(lines, [
    'warn Redis cannot be used now.',
    'warn Redis cannot be used now. Redis has been away for 5 min.',
    'warn Redis cannot be used now. Redis has been away for 10 min.',
    'info Redis answers again after 11 min',
  ]);
});

test('another reason in the same outage is not another outage', () => {
  const { lines, outages, pass } = logged();
  outages.tell('Redis', 'Refused.');
  pass(3);
  outages.tell('Redis', 'No answer.');
  assert.deepEqual(lines, ['warn Refused.']);
});

test('a second outage is logged again', () => {
  const { lines, outages, pass } = logged();
  outages.tell('Redis', 'Refused.');
  pass(3);
  outages.tell('Redis', undefined);
  outages.tell('Redis', 'Refused.');
  assert.equal(lines.length, 3);
});
