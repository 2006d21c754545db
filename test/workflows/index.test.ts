import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load.ts';
import { stagesOf } from '../../src/flow/running/run-phases.ts';
import { checkedPhases } from '../../src/flow/workflow.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

test('no two workflows share a name', () => {
  const names = WORKFLOWS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  assert.deepEqual(names, [...new Set(names)]);
});

for (const workflow of WORKFLOWS) {
  test(`${workflow.name}: each phase names its stages once and ends with a delivery`, () => {
    const { values, problems } = loadSettings(workflow.settings, {});
    assert.deepEqual(problems, []);
    const phases = checkedPhases(workflow, values, workflow.name).phases;
    for (const [phase, stages] of Object.entries(phases)) {
      const names = stages.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)]);
      // After the delivery nothing but tidying up.
      const delivers = names.findLast((name) => name !== 'remove_temporary') ?? '';
      const wanted = phase === 'split' ? ['submit_children'] : ['upload', 'merge_results'];
      assert.ok(wanted.includes(delivers), delivers);
    }
    for (const { name, concurrency } of stagesOf(phases)) {
      assert.match(name, /^[a-z]+(_[a-z]+)*$/);
      assert.ok(concurrency >= 1, name);
    }
  });
}
