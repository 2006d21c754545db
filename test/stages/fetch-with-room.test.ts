import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import type { Bucket } from '../../src/ports.ts';
import { fetchWithRoom } from '../../src/stages/fetch-with-room.ts';
import { endedChildren } from '../harness/ended-children.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

test('the version of the file is told before it is read; one that is refused is closed', async () => {
  const log: string[] = [];
  const bucket = {
    keyOf: (name: string) => name,
    open: async (_: string, signal: AbortSignal) => {
      signal.addEventListener('abort', () => log.push('closed'));
      return { size: 10, version: '7', body: [] };
    },
  } as unknown as Bucket; // nothing else of it is used
  const { context } = stageContext({ bucket });
  const madeFrom = (version: string): never => {
    log.push(`version ${version}`);
    throw new KnownError('input_changed', 'Replaced.');
  };
  const fetched = fetchWithRoom(
    { ...context, family: { ...endedChildren([]), madeFrom } },
    async () => log.push('read'),
  );
  await assert.rejects(fetched, { code: 'input_changed' });
  assert.deepEqual(log, ['version 7', 'closed']);
});

test('a fetch asks only for what it lacks, and waits while nothing is open', async () => {
  const log: string[] = [];
  const opened: AbortSignal[] = [];
  const bucket = {
    keyOf: (name: string) => name,
    open: async (_: string, signal: AbortSignal) => {
      opened.push(signal);
      return { size: 10, body: [] };
    },
  } as unknown as Bucket; // nothing else of it is used
  const { context } = stageContext({
    bucket,
    tryReserve: (bytes) => {
      log.push(`try ${bytes}`);
      return bytes > 20 ? undefined : () => undefined;
    },
    reserve: async (bytes) => {
      log.push(`wait for ${bytes}, open: ${opened.filter(({ aborted }) => !aborted).length}`);
      return () => undefined;
    },
  });
  const rounds = await fetchWithRoom(context, async (_, room) =>
    room.has(10) && room.has(40) ? opened.length : undefined,
  );
  assert.equal(rounds, 2);
  assert.deepEqual(log, ['try 10', 'try 30', 'wait for 30, open: 0']);
});
