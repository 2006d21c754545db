import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
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

test('kernels of its own are mounted beside the workflow; what lies elsewhere is refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk deploy-'));
  t.after(() => rm(folder, { recursive: true }));
  const flow = (kernels: string): string => `
    import { defineWorkflow, download, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
    export default defineWorkflow({ name: 'own', summary: 'Yes: no', accepts: () => true, settings: {},
      kernels: new URL('${kernels}', import.meta.url),
      pipeline: () => pipeline(download, packageResults(() => []), upload) });`;
  await writeFile(join(folder, 'own.mjs'), flow('kernels.mjs'));
  await writeFile(join(folder, 'kernels.mjs'), 'export const kernels = {};\n');
  await writeFile(join(folder, 'far.mjs'), flow('../kernels.mjs'));
  const { manifests } = await deployed(join(folder, 'own.mjs'));
  const [map, deployment, budget, network, monitor, scaled] = manifests as object[];
  new ConfigMap(map ?? {}).validate();
  new Deployment(deployment ?? {}).validate();
  new PodDisruptionBudget(budget ?? {}).validate();
  new NetworkPolicy(network ?? {}).validate();
  // Their types ask for members that `validate` looks for.
  new PodMonitor(monitor as ConstructorParameters<typeof PodMonitor>[0]).validate();
  new ScaledObject(scaled as ConstructorParameters<typeof ScaledObject>[0]).validate();
  assert.partialDeepStrictEqual(map, {
    data: { 'own.mjs': flow('kernels.mjs'), 'kernels.mjs': 'export const kernels = {};\n' },
  });
  const { code, stderr } = await runCommand(['workflow', 'deploy', join(folder, 'far.mjs')], {});
  assert.equal(code, 2);
  assert.match(stderr, /put them beside far\.mjs, or both into an image/);
});

test('a built-in workflow is named, with its queue where that does not follow', async () => {
  const { text } = await deployed('zip:mesmer');
  assert.match(text, /name: mesmer-zip-consumer/);
  assert.match(text, /name: QUEUE\n +value: mesmer\n/);
  const { code, stderr } = await runCommand(['workflow', 'deploy', 'mesmr'], {});
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean mesmer\?/);
});
