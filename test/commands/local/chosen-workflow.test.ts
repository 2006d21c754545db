import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenWorkflow } from '../../../src/commands/local/chosen-workflow.ts';
import { defineWorkflow } from '../../../src/flow/workflow.ts';
import { WORKFLOWS } from '../../../src/workflows/index.ts';
import mesmer from '../../../src/workflows/mesmer.ts';
import polaris from '../../../src/workflows/polaris.ts';

const mine = defineWorkflow({ ...mesmer, name: 'mine' });
const parent = { ...polaris, name: 'mine-of-many' };
const all = [...WORKFLOWS, mine, parent];

test('a workflow is chosen by its name, whether built in or of an author', () => {
  assert.equal(chosenWorkflow('Mesmer', all), mesmer);
  assert.equal(chosenWorkflow('polaris', all), polaris);
  assert.equal(chosenWorkflow('mine', all), mine);
});

test('a name that cannot be chosen is refused with the reason', () => {
  assert.throws(
    () => chosenWorkflow('mine', WORKFLOWS),
    /There is no workflow "mine"\..* There are/,
  );
  assert.throws(() => chosenWorkflow('mesmr', all), /Did you mean mesmer\?/);
  assert.throws(() => chosenWorkflow('zip', all), /There is no workflow "zip"\./);
  assert.throws(
    () => chosenWorkflow('mine-of-many', all),
    /"mine-of-many" makes jobs for other queues, and `local` does not know who takes them\./,
  );
});
