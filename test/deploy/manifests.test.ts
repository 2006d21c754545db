import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../src/consumer/settings/read-settings.ts';
import { parseAllDocuments } from 'yaml';
import { CORE_SETTINGS } from '../../src/config/core-settings.ts';
import { loadSettings } from '../../src/config/load.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [Container];
}

async function deployment(): Promise<PodSpec> {
  const text = await readFile(`${DEPLOY}kubernetes/deployment.yaml`, 'utf8');
  const documents = parseAllDocuments(text).map((document) => document.toJS() as { kind: string });
  const found = documents.find(({ kind }) => kind === 'Deployment');
  // The schema of Kubernetes was checked when the file was made.
  return (found as unknown as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
}

test('every variable of the Deployment is a setting, with a value that is allowed', async () => {
  const [{ env }] = (await deployment()).containers;
  const environment = Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'gs://b']));
  const { problems } = loadSettings(CORE_SETTINGS, environment);
  assert.deepEqual(problems, []);
  const known = new Set(Object.values(CORE_SETTINGS).map(({ name }) => name));
  assert.deepEqual(
    env.map(({ name }) => name).filter((name) => !known.has(name)),
    [],
  );
});

test('probes ask the port and the paths that the consumer answers', async () => {
  const [container] = (await deployment()).containers;
  assert.deepEqual(container.ports[0]?.containerPort, CORE_SETTINGS.httpPort.fallback);
  const port = Number(container.env.find(({ name }) => name === 'HEALTH_PORT')?.value);
  assert.deepEqual(container.ports[1]?.containerPort, port);
  const { startupProbe, livenessProbe, readinessProbe } = container;
  assert.deepEqual(
    [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet),
    ['/startup', '/live', '/ready'].map((path) => ({ path, port })),
  );
});

test('Kubernetes waits longer than the consumer needs to give its jobs back', async () => {
  const { terminationGracePeriodSeconds, containers } = await deployment();
  const grace = containers[0].env.find(({ name }) => name === 'SHUTDOWN_GRACE')?.value;
  assert.ok(terminationGracePeriodSeconds >= Number(grace) + 5);
});

test('what docker-compose mounts is there', async () => {
  const text = await readFile(`${DEPLOY}docker-compose.yml`, 'utf8');
  const paths = [...text.matchAll(/- (\.[^:]+):/g)].map(([, path]) => path ?? '');
  assert.ok(paths.length > 0);
  await Promise.all(paths.map((path) => access(`${DEPLOY}${path}`)));
});

const YAML_FILES = globSync(['deploy/**/*.{yaml,yml}', 'grafana/**/*.yml'], {
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
});

for (const file of YAML_FILES) {
  test(`${file} means the same in YAML 1.1, which kubectl, Helm and Compose read`, async () => {
    const text = await readFile(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
    const read = (version: '1.1' | '1.2'): unknown[] =>
      parseAllDocuments(text, { version }).map((document) => document.toJS() as unknown);
    assert.deepEqual(read('1.1'), read('1.2'));
  });
}

test('what the composed services need to be started again, and when they are ready, is said', async () => {
  const text = await readFile(`${DEPLOY}docker-compose.yml`, 'utf8');
  const [document] = parseAllDocuments(text);
  assert.ok(document);
  const { services } = document.toJS() as {
    readonly services: Readonly<
      Record<string, { readonly restart?: string; readonly healthcheck?: object }>
    >;
  };
  for (const [name, { restart }] of Object.entries(services)) assert.ok(restart, name);
  for (const name of ['redis', 'models']) assert.ok(services[name]?.healthcheck, name);
});

test('the composed consumer takes images of each kind, and archives', async () => {
  const [document] = parseAllDocuments(await readFile(`${DEPLOY}docker-compose.yml`, 'utf8'));
  assert.ok(document);
  const { services } = document.toJS() as {
    readonly services: { readonly consumer: { readonly environment: Record<string, string> } };
  };
  const { consumers, warnings } = await readSettings(services.consumer.environment);
  assert.deepEqual(
    consumers.map(({ queue }) => queue),
    ['segmentation', 'mesmer', 'spot', 'segmentation-zip'],
  );
  assert.deepEqual(warnings, []);
});
