import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildSpec, Family } from '../../src/flow/family.ts';
import type { StageContext } from '../../src/flow/stage.ts';
import { submitChildren } from '../../src/flow/submit-children.ts';

interface Submitted {
  /** What was written to Redis, in order: notes, or batches of children. */
  readonly written: readonly string[];
  readonly batches: number[];
  readonly notes: Readonly<Record<string, unknown>>;
  readonly left: { readonly submitted: number };
}

/** Submits that many children, each of which comes so many milliseconds after the one before. */
async function submitted(count: number, everyMs: number): Promise<Submitted> {
  const batches: number[] = [];
  const written: string[] = [];
  const family: Pick<Family, 'submit'> = {
    submit: async (children) => {
      batches.push(children.length);
      written.push('children');
      return children.map(({ place }) => `image:${place}`);
    },
  };
  let now = 0;
  const clock = { monotonic: () => now };
  function* specs(): Generator<ChildSpec> {
    for (let n = 0; n < count; n++, now += everyMs) {
      yield { queue: 'image', name: `${n}`, fields: {} };
    }
  }
  const notes: Record<string, unknown> = {};
  const note = (fields: object): object => Object.assign(notes, fields);
  // The stage uses nothing else of its context.
  const flush = async (): Promise<void> => void written.push('notes');
  const context = { clock, family, flush, note } as unknown as StageContext;
  const left = await submitChildren.run({ children: specs() }, context);
  return { batches, notes, left, written };
}

test('the first child is submitted at once, the others in batches', async () => {
  const { batches, notes, left } = await submitted(250, 1);
  assert.deepEqual([batches, left], [[1, 100, 100, 49], { submitted: 250 }]);
  assert.match(String(notes['children']), /^image:0,image:1,.*,image:249$/);
});

test('what the split has noted is written before there is a child, once', async () => {
  assert.deepEqual((await submitted(150, 1)).written, [
    'notes',
    'children',
    'children',
    'children',
  ]);
});

test('children that come slowly do not wait until their batch is full', async () => {
  const { batches } = await submitted(8, 400);
  assert.deepEqual(batches, [1, 3, 3, 1]);
});

test('the job holds what children are made from, and what making them takes', async () => {
  const stage = submitChildren;
  const need = stage.footprint?.({ children: [], footprint: 7 }, {} as StageContext);
  assert.deepEqual([need, stage.frees], [7, ['children', 'madeFrom', 'footprint']]);
});
