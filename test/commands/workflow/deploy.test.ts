import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Deployment } from 'kubernetes-models/apps/v1';
import { ConfigMap } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { runCommand } from '../run-command.ts';

const EXAMPLE = fileURLToPath(
  new URL('../../../examples/workflows/bright-nuclei.yaml', import.meta.url),
);

async function deployed(what: string): Promise<{ text: string; manifests: unknown[] }> {
  const { code, stdout, stderr } = await runCommand(['workflow', 'deploy', what], {});
  assert.equal(code, 0, stderr);
  const manifests = Array.from(parseAllDocuments(stdout, { version: '1.1' }), (one) => one.toJS());
  return { text: stdout, manifests };
}

test('a workflow of a file gets a ConfigMap, and a Deployment that mounts and runs it', async () => {
  const { text, manifests } = await deployed(EXAMPLE);
  const [map, deployment] = manifests as [object, object];
  new ConfigMap(map).validate();
  new Deployment(deployment).validate();
  assert.partialDeepStrictEqual(map, {
    kind: 'ConfigMap',
    metadata: { name: 'bright-nuclei-workflow' },
  });
  assert.partialDeepStrictEqual(deployment, {
    metadata: { name: 'bright-nuclei-consumer' },
    spec: {
      template: {
        spec: {
          volumes: [{ name: 'workflow', configMap: { name: 'bright-nuclei-workflow' } }],
          containers: [
            {
              env: [
                { name: 'CONSUMER_TYPE', value: 'bright-nuclei' },
                { name: 'QUEUE', value: 'bright-nuclei' },
                { name: 'WORKFLOW_MODULES', value: '/workflows/bright-nuclei.yaml' },
              ],
              volumeMounts: [{ name: 'workflow', mountPath: '/workflows', readOnly: true }],
            },
          ],
        },
      },
    },
  });
  assert.doesNotMatch(text, /segmentation/);
  assert.match(text, /listName: bright-nuclei/);
  for (const list of ['JOB_TYPES', 'QUEUES', 'Redis exporter'])
    assert.ok(text.includes(list), list);
});

test('a built-in workflow is named, with its queue where that does not follow', async () => {
  const { text } = await deployed('zip:mesmer');
  assert.match(text, /name: mesmer-zip-consumer/);
  assert.match(text, /name: QUEUE\n +value: mesmer\n/);
  const { code, stderr } = await runCommand(['workflow', 'deploy', 'mesmr'], {});
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean mesmer\?/);
});
