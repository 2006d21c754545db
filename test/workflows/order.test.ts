import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load.ts';
import { pipelineProblems } from '../../src/flow/shape/pipeline-problems.ts';
import { checkedPhases } from '../../src/flow/workflow.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

/** Stages that a job may do without: one looks for a result of before, one tidies up. */
const OPTIONAL = ['find_stored', 'remove_temporary', 'submit_children'];

for (const workflow of WORKFLOWS) {
  const settings = loadSettings(workflow.settings, {}).values;

  test(`${workflow.name}: the stages say what they need and add, and stand in order`, () => {
    assert.deepEqual(checkedPhases(workflow, settings, 'queue').problems, []);
  });

  for (const [phase, stages] of Object.entries(checkedPhases(workflow, settings, 'queue').phases)) {
    test(`${workflow.name}, ${phase}: no stage can be left out`, () => {
      const end = { field: phase === 'split' ? 'submitted' : 'output', hint: '' };
      // What the callback of packageResults reads is known to the compiler only.
      const checked = stages.filter(
        ({ name }, at) => !OPTIONAL.includes(name) && stages[at + 1]?.name !== 'package',
      );
      for (const left of checked) {
        const others = stages.filter((stage) => stage !== left);
        assert.notDeepEqual(pipelineProblems({ stages: others }, end), [], left.name);
      }
    });
  }
}
