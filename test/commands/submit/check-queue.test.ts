import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkQueue } from '../../../src/commands/submit/check-queue.ts';
import { WORKFLOWS } from '../../../src/workflows/index.ts';

function check(name: string, served: readonly string[], { force = false, lists = [name] } = {}) {
  const consumersOf = async (list: string): Promise<number> => (served.includes(list) ? 1 : 0);
  return checkQueue({ name, lists, consumersOf }, WORKFLOWS, force);
}

test('a queue that is served needs no words, whatever it is called', async () => {
  assert.deepEqual(await check('segmentation', ['segmentation']), []);
  assert.deepEqual(await check('segmantation', ['segmantation']), []);
});

test('a queue that nobody serves is told, since consumers of the original do not announce themselves', async () => {
  for (const name of ['segmentation', 'tracking', 'our-cells'])
    assert.deepEqual(await check(name, []), [
      `No consumer has announced itself for the queue "${name}": its jobs wait until one takes them.`,
    ]);
  const lists = ['mesmer', 'mesmer-zip'];
  const [remark, ...more] = await check('mesmer', ['mesmer'], { lists });
  assert.match(remark ?? '', /the queue "mesmer-zip"/);
  assert.deepEqual(more, []);
});

test('a name that was probably meant to be another is refused, unless it is forced', async () => {
  await assert.rejects(check('segmantation', []), {
    code: 'bad_usage',
    message:
      'No consumer takes jobs of the queue "segmantation". Did you mean segmentation? --force submits them all the same.',
  });
  assert.equal((await check('segmantation', [], { force: true })).length, 1);
});
