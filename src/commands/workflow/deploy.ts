import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';
import { chooseConsumers } from '../../consumer/choose-consumers.ts';
import { KnownError } from '../../errors.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { WORKFLOWS } from '../../workflows/index.ts';
import { loadWorkflow } from './load-workflow.ts';

/** The manifests of one queue, which those of any other are made from. */
const FOLDER = new URL('../../../deploy/kubernetes/', import.meta.url);
const FILES = ['deployment.yaml', 'pod-monitor.yaml', 'keda.yaml'];
/** The queue that they are of. */
const TEMPLATE = /\bsegmentation\b/g;
/** Where the file of a workflow is mounted. */
const MOUNTED = '/workflows';

/** What is mounted. */
interface Mounted {
  readonly name: string;
  readonly text: string;
}

/**
 * What is deployed: a workflow on its queue, and its files unless it is built in: the one that declares it,
 * and its kernels.
 */
interface Deployed {
  readonly workflow: Workflow;
  readonly queue: string;
  readonly base: string;
  readonly files: readonly Mounted[];
}

/**
 * Prints what a cluster needs for a workflow: manifests for `kubectl apply`, and in comments what its
 * neighbours must know.
 */
export async function deployWorkflow(given: string): Promise<number> {
  const deployed = await deployedOf(given);
  const manifests = (await Promise.all(FILES.map((file) => manifestsOf(file, deployed)))).flat();
  const all = [...configMap(deployed), ...manifests];
  const texts = all.map((one) => stringify(one, { lineWidth: 0, version: '1.1' }));
  process.stdout.write(`${neighbours(deployed)}${texts.join('---\n')}`);
  return 0;
}

async function deployedOf(given: string): Promise<Deployed> {
  if (/\.([cm]?[jt]s|ya?ml|json)$/i.test(given)) {
    const workflow = await loadWorkflow(given);
    const files = await Promise.all(filesOf(workflow, resolve(given)).map(mounted));
    const base = workflow.name;
    const queue = workflow.queueOf?.(base) ?? base;
    return { workflow, queue, base, files };
  }
  const problems: string[] = [];
  const task = { consumers: [given], consumerType: '', queue: '' };
  const [consumer] = chooseConsumers(task, WORKFLOWS, problems);
  if (consumer !== undefined) return { ...consumer, files: [] };
  throw new KnownError('bad_usage', problems.join(' '));
}

/** A ConfigMap is one flat folder, in which the kernels of a workflow must be beside it. */
function filesOf({ name, kernels }: Workflow, file: string): string[] {
  const beside = kernels === undefined ? file : fileURLToPath(kernels);
  if (dirname(beside) === dirname(file)) return [...new Set([file, beside])];
  const message =
    `The kernels of "${name}" are in ${dirname(beside)}; ` +
    `put them beside ${basename(file)}, or both into an image.`;
  throw new KnownError('bad_usage', message);
}

async function mounted(file: string): Promise<Mounted> {
  return { name: basename(file), text: await readFile(file, 'utf8') };
}

async function manifestsOf(file: string, deployed: Deployed): Promise<object[]> {
  const text = await readFile(new URL(file, FOLDER), 'utf8');
  const own = text.replaceAll(TEMPLATE, deployed.queue);
  const documents = parseAllDocuments(own, { version: '1.1' });
  // The files are generated, and each of their documents is an object.
  const manifests = Array.from(documents, (one) => one.toJS() as object);
  return manifests.map((one) => (isDeployment(one) ? forWorkflow(one, deployed) : one));
}

/** The parts of a Deployment that differ between workflows. */
interface Deployment {
  readonly spec: { readonly template: { readonly spec: Pod } };
}

interface Pod {
  readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
}

function isDeployment(manifest: object): manifest is Deployment {
  return 'kind' in manifest && manifest.kind === 'Deployment';
}

function forWorkflow(deployment: Deployment, { workflow, base, queue, files }: Deployed): object {
  const [file] = files;
  const { template } = deployment.spec;
  const own: Readonly<Record<string, string>> = {
    CONSUMER_TYPE: workflow.name,
    QUEUE: base,
    ...(file && { WORKFLOW_MODULES: `${MOUNTED}/${file.name}` }),
  };
  const environment = Object.entries(own).map(([name, value]) => ({ name, value }));
  const volumes = file && [{ name: 'workflow', configMap: { name: `${queue}-workflow` } }];
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: [...container.env.filter(({ name }) => !(name in own)), ...environment],
    ...(file && { volumeMounts: [{ name: 'workflow', mountPath: MOUNTED, readOnly: true }] }),
  }));
  const pod = { ...template.spec, containers, ...(volumes && { volumes }) };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec: pod } } };
}

function configMap({ queue, files }: Deployed): object[] {
  if (files.length === 0) return [];
  const metadata = { name: `${queue}-workflow`, namespace: 'deepcell' };
  const data = Object.fromEntries(files.map(({ name, text }) => [name, text]));
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }];
}

/** The other parts of a Kiosk have lists of queues of their own. */
function neighbours({ queue }: Deployed): string {
  return [
    `# kubectl apply -f - for the queue "${queue}". What its neighbours in a Kiosk need besides:`,
    `# - frontend: add "${queue}" to JOB_TYPES; its form knows no fields of it, ` +
      `so submit by API or \`submit -q ${queue}\``,
    `# - janitor and, unless KEDA scales, autoscaler: add "${queue}" to QUEUES`,
    `# - Redis exporter: add "${queue}" to the queues of its script`,
    '# The alerts and dashboards of this project hold for every queue.',
    '',
  ].join('\n');
}
