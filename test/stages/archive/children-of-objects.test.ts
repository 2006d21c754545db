import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { ChildSpec } from '../../../src/flow/family.ts';
import { childrenOfObjects } from '../../../src/stages/archive/children-of-objects.ts';
import { noObjects } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const PIECES = Array.from({ length: 250 }, (_, at) => at);
const keyOf = (piece: number): string => `output/${piece}.tif`;
const childOf = (piece: number): ChildSpec => ({ queue: 'image', name: `${piece}`, fields: {} });

/** What a split tells of its objects, and the objects that there are. */
function objects() {
  const noted: string[][] = [];
  const dropped: string[][] = [];
  const { context } = stageContext({
    family: {
      ...stageContext().context.family,
      ...noObjects,
      noteObjects: async (keys) => void noted.push([...keys]),
      dropObjects: async (keys) => void dropped.push([...keys]),
    },
  });
  const made: string[] = [];
  const make = async (piece: number): Promise<ChildSpec> => {
    await setImmediate();
    assert.ok(noted.flat().includes(keyOf(piece)), `${piece} is noted before it is made`);
    made.push(keyOf(piece));
    return childOf(piece);
  };
  return { context, noted, dropped, made, make };
}

test('every object is noted before it is made, a hundred at a time', async () => {
  const { context, noted, dropped, make } = objects();
  const names: string[] = [];
  const making = { pieces: PIECES, keyOf, uploads: 4, make };
  for await (const { name } of childrenOfObjects(making, context)) names.push(name);
  assert.deepEqual(names, PIECES.map(String));
  assert.deepEqual(
    noted.map(({ length }) => length),
    [100, 100, 50],
  );
  assert.deepEqual(noted.flat(), PIECES.map(keyOf));
  assert.deepEqual(dropped, [PIECES.slice(100).map(keyOf)]);
});

for (const [how, end] of [
  ['the claim is lost', () => assert.fail('lost')],
  ['nobody wants more', () => true],
] as const)
  test(`what is under way when ${how} is waited for, and then told of`, async () => {
    const { context, dropped, made, make } = objects();
    const children = childrenOfObjects({ pieces: PIECES, keyOf, uploads: 4, make }, context);
    let madeAtLast = 0;
    const split = async (): Promise<void> => {
      for await (const { name } of children) if (name === '120' && end()) return;
    };
    await split().catch(({ message }: Error) => assert.equal(message, 'lost'));
    madeAtLast = made.length;
    await setImmediate();
    await setImmediate();
    assert.equal(made.length, madeAtLast);
    assert.ok(made.every((key) => PIECES.slice(0, 200).map(keyOf).includes(key)));
    assert.deepEqual(dropped, [PIECES.slice(0, 200).map(keyOf)]);
  });

test('nothing is made once the objects cannot be noted', async () => {
  const { context, made, make } = objects();
  const family = { ...context.family, noteObjects: () => Promise.reject(new Error('lost')) };
  const children = childrenOfObjects({ pieces: PIECES, keyOf, uploads: 4, make }, { family });
  await assert.rejects(children.next(), { message: 'lost' });
  assert.deepEqual(made, []);
});
