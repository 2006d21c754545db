import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildSpec, Family } from '../../src/flow/family.ts';
import type { StageContext } from '../../src/flow/stage.ts';
import { submitChildren } from '../../src/flow/submit-children.ts';

test('the first child is submitted at once, the others in batches', async () => {
  const batches: number[] = [];
  const family: Pick<Family, 'submit'> = {
    submit: async (children) => {
      batches.push(children.length);
      return children.map(({ place }) => `image:${place}`);
    },
  };
  function* specs(): Generator<ChildSpec> {
    for (let n = 0; n < 250; n++) yield { queue: 'image', name: `${n}`, fields: {} };
  }
  const notes: Record<string, unknown> = {};
  const note = (fields: object): object => Object.assign(notes, fields);
  // The stage uses nothing else of its context.
  const context = { family, note } as unknown as StageContext;
  const left = await submitChildren.run({ children: specs() }, context);
  assert.deepEqual([batches, left], [[1, 100, 100, 49], { submitted: 250 }]);
  assert.match(String(notes['children']), /^image:0,image:1,.*,image:249$/);
});
