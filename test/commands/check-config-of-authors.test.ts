import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCommand } from './run-command.ts';

const IMPORTS = `import { compute, decodeImage, defineWorkflow, describeImage, download, isImage, orient, ownMetric, packageResults, pipeline,
  predictTiles, setting, tiff, upload } from 'kiosk-redis-consumer';\n`;
const MODEL = `{ model: setting.model('MINE', 'Mine:1', 'Mine.') }`;
const RESULTS = `packageResults(({ heads }) => heads.map((head, at) => tiff(\`\${at}.tif\`, head)))`;

/** Mistakes that authors of JavaScript make, by the stages that they write; and what is said before any job is taken. */
const MISTAKES = {
  'a wrong order': {
    stages: `download, describeImage, orient(), decodeImage, predictTiles(model), ${RESULTS}, upload`,
    said: 'Workflow "mine": Stage "orient" needs "raw", which is not there: "decode" adds it, and comes later.',
  },
  'no upload': {
    stages: `download, describeImage, decodeImage, orient(), predictTiles(model), ${RESULTS}`,
    said: 'Workflow "mine": No stage leaves "output", which a job must end with. Let the pipeline end with packageResults and upload.',
  },
  'a stage that is not made': {
    stages: `download, describeImage, decodeImage, orient, predictTiles(model), ${RESULTS}, upload`,
    said: 'Workflow "mine": Stage 4 is the function "orient", which makes a stage: write orient(…).',
  },
  'a stage without its places': {
    stages: `download, { name: 'mine', run: async () => ({}) }, ${RESULTS}, upload`,
    said: 'Workflow "mine": Stage "mine": concurrency is missing; it must be a whole number from 1 to 10000',
  },
  'an unknown kernel': {
    stages: `download, describeImage, decodeImage, orient(), predictTiles(model),
      compute('deepWaterShed', { as: 'labels', from: (value) => value }), ${RESULTS}, upload`,
    said: 'Stage "compute_labels" runs the kernel "deepWaterShed", which does not exist. Did you mean deepWatershed?',
  },
  'a kernel without its arguments': {
    stages: `download, describeImage, decodeImage, orient(), compute('countLabels'), ${RESULTS}, upload`,
    said: 'TypeError: compute needs where its result goes and what it gets:',
  },
  'results that are not made': {
    stages: `download, describeImage, decodeImage, orient(), packageResults([]), upload`,
    said: 'TypeError: packageResults needs a function: ({ labels }) => [tiff(…)].',
  },
  'a setting that is not declared': {
    stages: `download, describeImage, decodeImage, orient(), predictTiles(modle), ${RESULTS}, upload`,
    said: 'Workflow "mine": its stages cannot be put together: TypeError: predictTiles needs a model, such as the value of setting.model(…).',
  },
};

/** Mistakes in what stands around the stages. */
const AROUND = {
  'a setting with a name that the program has': {
    written: `settings: { host: setting.text('TF_HOST', '', 'Mine.') }`,
    said: 'Workflow "mine" declares the setting TF_HOST, which means something else already.',
  },
  'a setting that another workflow reads otherwise': {
    written: `settings: { host: setting.integer('NUCLEAR_MODEL', 1, 'Mine.') }`,
    said: 'Workflow "mine" reads NUCLEAR_MODEL as a whole number, but "image" as a model',
  },
  'a metric with a name that the program may have': {
    written: `settings: {}, metrics: [ownMetric.counter('kiosk_jobs_total', { help: 'Jobs.' })]`,
    said: 'Workflow "mine": Metric "kiosk_jobs_total": names that begin like this are taken;',
  },
  'a value that is no setting': {
    written: `settings: { model: 'Mine:1' }`,
    said: 'Workflow "mine": settings.model is the text "Mine:1", but must be a setting,',
  },
  'a pipeline that is not returned': {
    written: 'settings: {}, pipeline: () => { pipeline(download, upload); }',
    said: 'Workflow "mine": Its function must return what pipeline(…) makes, but returned undefined.',
  },
  'models that are not a list': {
    written: 'settings: {}, models: () => 5',
    said: 'Workflow "mine": its models cannot be listed: TypeError:',
  },
};

/** The same of authors who write no code. */
const DECLARED = {
  'an unknown post-processing': {
    text: 'postprocessing: { function: watershed }\noutputs: [labels]',
    said: '4:29: postprocessing.function is "watershed", but must be one of deep_watershed, spots.',
  },
  'no result': {
    text: '',
    said: '1:1: "outputs" is missing.',
  },
  'a value of the wrong type': {
    text: 'pixel_size: 65 nm\noutputs: [predictions]',
    said: '4:13: pixel_size is "65 nm", but must be a number above 0, in µm.',
  },
};

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk authors-'));
});
after(() => rm(folder, { recursive: true }));

function checkConfig(environment: Readonly<Record<string, string>>): ReturnType<typeof runCommand> {
  const places = { STORAGE_BUCKET: 'gs://images', REDIS_HOST: 'redis' };
  return runCommand(['check-config'], { ...places, ...environment });
}

for (const [mistake, { stages, said }] of Object.entries(MISTAKES)) {
  test(`${mistake} is refused at the start, in a sentence that names the stage`, async () => {
    const module = join(folder, `${mistake.replaceAll(' ', '-')}.mjs`);
    const text = `${IMPORTS}export default defineWorkflow({ name: 'mine', summary: 'Mine.', settings: ${MODEL},
      accepts: (job) => isImage(job.inputFileName), pipeline: ({ model, modle }) => pipeline(${stages}) });`;
    await writeFile(module, text);
    const environment = { CONSUMER_TYPE: 'mine', WORKFLOW_MODULES: module };
    const { code, stderr } = await checkConfig(environment);
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(said), stderr);
  });
}

for (const [mistake, { written, said }] of Object.entries(AROUND)) {
  test(`${mistake} is refused at the start, and nothing else is said`, async () => {
    const module = join(folder, `${mistake.replaceAll(' ', '-')}.mjs`);
    const text = `${IMPORTS}export default defineWorkflow({ name: 'mine', summary: 'Mine.',
      accepts: () => true, pipeline: () => pipeline(download, packageResults(() => []), upload), ${written} });`;
    await writeFile(module, text);
    const environment = { CONSUMERS: 'mine', WORKFLOW_MODULES: module };
    const { code, stderr } = await checkConfig(environment);
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(said), stderr);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}

for (const [mistake, { text, said }] of Object.entries(DECLARED)) {
  test(`${mistake} in YAML is refused at the start, with line and column`, async () => {
    const file = join(folder, `${mistake.replaceAll(' ', '-')}.yaml`);
    await writeFile(file, `name: mine\nsummary: Mine.\nmodel: Mine:1\n${text}\n`);
    const { code, stderr } = await checkConfig({ CONSUMERS: 'mine', WORKFLOW_MODULES: file });
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(`${file}:${said}`), stderr);
  });
}

test('a metric that another own workflow has is refused', async () => {
  const modules = ['one', 'other'].map(async (name) => {
    const module = join(folder, `${name}.mjs`);
    const text = `${IMPORTS}export default defineWorkflow({ name: '${name}', summary: 'Mine.', settings: {},
      accepts: () => true, pipeline: () => pipeline(download, packageResults(() => []), upload),
      metrics: [ownMetric.gauge('my_level', { help: 'Level.' })] });`;
    await writeFile(module, text);
    return module;
  });
  const paths = (await Promise.all(modules)).join(',');
  const { code, stderr } = await checkConfig({ CONSUMERS: 'one', WORKFLOW_MODULES: paths });
  assert.equal(code, 1);
  const said =
    'Workflow "other" declares the metric my_level, which "one" has already; give it another name.';
  assert.ok(stderr.includes(said), stderr);
});

test('a name that a built-in or another own workflow has is refused', async () => {
  const declare = async (file: string, name: string): Promise<string> => {
    const path = join(folder, file);
    const text = `name: ${name}\nsummary: Mine.\nmodel: Mine:1\noutputs: [predictions]\n`;
    await writeFile(path, text);
    return path;
  };
  const twins = await Promise.all(['a.yaml', 'b.yml'].map((file) => declare(file, 'mine')));
  const modules = [...twins, await declare('c.json.yaml', 'mesmer')].join(',');
  const { code, stderr } = await checkConfig({ CONSUMERS: 'mine', WORKFLOW_MODULES: modules });
  assert.equal(code, 1);
  assert.match(stderr, /Two of your workflows are called "mine"; give one another name\./);
  assert.match(stderr, /There is a built-in workflow "mesmer"; give yours another name\./);
});
