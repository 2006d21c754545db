import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MISTAKES, type Mistake } from '../harness/mistakes-of-authors.ts';
import { CommandProcess } from './command-process.ts';
import { runCommand } from './run-command.ts';

const IMPORTS = `import { compute, decodeImage, defineWorkflow, describeImage, download, isImage, orient, packageResults, pipeline,
  predictTiles, setting, tiff, upload } from 'kiosk-redis-consumer';\n`;
const BEGIN = 'download, describeImage, decodeImage, orient()';
const RESULTS = 'packageResults(({ heads }) => [tiff("a.tif", heads[0])])';

interface Written {
  /** Its name; `mine` if absent. */
  readonly name?: string;
  /** The stages, in code. */
  readonly stages: string;
  readonly said: string;
  readonly yaml: { readonly name?: string; readonly text: string; readonly said: string };
}

/** Each mistake as authors of code and authors of YAML make it, and what they are told. */
const TABLE: Readonly<Record<Mistake, Written>> = {
  'a wrong order': {
    stages: `download, describeImage, orient(), decodeImage, predictTiles(model), ${RESULTS}, upload`,
    said: 'Workflow "mine": Stage "orient" needs "raw", which is not there: "decode" adds it, and comes later.',
    yaml: {
      // The order of stages cannot be set in a file: the message lists what can.
      text: 'outputs: [predictions]\nstages: [predict, download]',
      said: '5:1: "stages" is no setting of a workflow. There are name, summary, model,',
    },
  },
  'an unknown kernel': {
    stages: `${BEGIN}, predictTiles(model), compute('deepWaterShed', { as: 'labels', from: (value) => value }),
      ${RESULTS}, upload`,
    said: 'Stage "compute_labels" runs the kernel "deepWaterShed", which does not exist. Did you mean deepWatershed?',
    yaml: {
      text: 'postprocessing: { function: deep_waterhsed }\noutputs: [labels]',
      said: '4:29: postprocessing.function is "deep_waterhsed", but must be one of deep_watershed, spots. Did you mean deep_watershed?',
    },
  },
  'a missing setting': {
    stages: `${BEGIN}, predictTiles(modle), ${RESULTS}, upload`,
    said: 'Workflow "mine": its stages cannot be put together: TypeError: predictTiles needs a model, such as the value of setting.model(…).',
    yaml: { text: 'postprocessing: { radius: 5 }\noutputs: [labels]', said: '4:17: "postproc' },
  },
  'a result of the wrong type': {
    stages: `${BEGIN}, packageResults(tiff('a.tif', { shape: [1, 1], data: new Float32Array(1) })), upload`,
    said: 'TypeError: packageResults needs a function: ({ labels }) => [tiff(…)].',
    yaml: {
      text: 'outputs: [labels]',
      said: '4:10: outputs names labels, but nothing makes labels or spots without postprocessing: write predictions.',
    },
  },
  'a name that is taken': {
    name: 'mesmer',
    stages: `${BEGIN}, predictTiles(model), ${RESULTS}, upload`,
    said: 'There is a built-in workflow "mesmer"; give yours another name.',
    yaml: {
      name: 'mesmer',
      text: 'outputs: [predictions]',
      said: 'There is a built-in workflow "mesmer"; give yours another name.',
    },
  },
  'no delivery': {
    stages: `${BEGIN}, predictTiles(model), ${RESULTS}`,
    said: 'Workflow "mine": No stage leaves "output", which a job must end with. Let the pipeline end with packageResults and upload.',
    yaml: { text: 'channels: [0]', said: '1:1: "outputs" is missing. The files of the result:' },
  },
};

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk mistakes-'));
});
after(() => rm(folder, { recursive: true }));

function code(name: string, stages: string, annotation: string): string {
  return `${IMPORTS}export default defineWorkflow({ name: '${name}', summary: 'Mine.',
    settings: { model: setting.model('MINE', 'Mine:1', 'Mine.') },
    accepts: (job${annotation}) => isImage(job.inputFileName),
    pipeline: ({ model, modle }${annotation}) => pipeline(${stages}) });`;
}

/** The file that an author writes in each of the three. */
const FILES = {
  mjs: ({ name = 'mine', stages }: Written) => code(name, stages, ''),
  ts: ({ name = 'mine', stages }: Written) => code(name, stages, ': any'),
  yaml: ({ yaml: { name = 'mine', text } }: Written) =>
    `name: ${name}\nsummary: Mine.\nmodel: Mine:1\n${text}\n`,
};

for (const [kind, write] of Object.entries(FILES)) {
  for (const mistake of MISTAKES) {
    test(`${mistake} in a .${kind} file is refused at the start, in a sentence`, async () => {
      const written = TABLE[mistake];
      const file = join(folder, `${mistake.replaceAll(' ', '-')}.${kind}`);
      await writeFile(file, write(written));
      const { code: ended, stderr } = await runCommand(['check-config'], {
        STORAGE_BUCKET: 'gs://images',
        REDIS_HOST: 'redis',
        WORKFLOW_MODULES: file,
        CONSUMERS: written.name ?? 'mine',
      });
      assert.equal(ended, 1, stderr);
      assert.ok(stderr.includes(kind === 'yaml' ? written.yaml.said : written.said), stderr);
      assert.doesNotMatch(stderr, /^ +at /m);
    });
  }
}

/** What only JavaScript lets through to the start, and what is said of it. */
const UNCHECKED: Readonly<Record<string, { readonly stages: string; readonly said: string }>> = {
  'a kernel before what it reads': {
    stages: `${BEGIN}, compute('countLabels', { as: 'cells', from: ({ heads: [labels] }) => ({ labels }) }),
      predictTiles(model), ${RESULTS}, upload`,
    said: 'Stage "compute_cells" needs "heads", which is not there: "predict" adds it, and comes later.',
  },
  'a result before what it is made of': {
    stages: `${BEGIN}, packageResults((value) => [tiff('a.tif', value.heads[0])]), predictTiles(model), upload`,
    said: 'Stage "package" needs "heads", which is not there: "predict" adds it, and comes later.',
  },
  'a result of a mistyped name': {
    stages: `${BEGIN}, predictTiles(model), packageResults(({ haeds }) => [tiff('a.tif', haeds[0])]), upload`,
    said: 'Stage "package" needs "haeds", which is not there: no stage adds it. Did you mean heads?',
  },
  'a border that there is not': {
    stages: `${BEGIN}, predictTiles(model, { padMode: 'mirror' }), ${RESULTS}, upload`,
    said: 'predictTiles: padMode is the text "mirror", but must be "reflect" or "constant".',
  },
  'outputs by number': {
    stages: `${BEGIN}, predictTiles(model, { heads: [1] }), ${RESULTS}, upload`,
    said: 'predictTiles: heads[0] is 1, but must be an output, such as { output: 0 } or',
  },
  'a mistyped option': {
    stages: `${BEGIN}, predictTiles(model),
      compute('countLabels', { as: 'cells', form: (value) => value }), ${RESULTS}, upload`,
    said: 'compute: "form" is no part of what compute takes. Did you mean from?',
  },
};

for (const [mistake, { stages, said }] of Object.entries(UNCHECKED)) {
  test(`${mistake} is refused at the start`, async () => {
    const file = join(folder, `${mistake.replaceAll(' ', '-')}.mjs`);
    await writeFile(file, code('mine', stages, ''));
    const { code: ended, stderr } = await runCommand(['workflow', 'check', file], {});
    assert.equal(ended, 1, stderr);
    assert.ok(stderr.includes(said), stderr);
  });
}

const mine = "compute(function mine() {}, { as: 'x', from: (value) => value })";

/** What is wrong with the kernels of a workflow that names this module. */
async function checkedWithKernels(module: string): Promise<string> {
  const stages = `${BEGIN}, predictTiles(model), ${mine}, ${RESULTS}, upload`;
  const named = `kernels: new URL('./${module}', import.meta.url), settings:`;
  const file = join(folder, 'with-kernels.mjs');
  await writeFile(file, code('mine', stages, '').replace('settings:', named));
  const { code: ended, stderr } = await CommandProcess.run(['workflow', 'check', file], {});
  assert.equal(ended, 1, stderr);
  return stderr;
}

test('kernels that cannot be loaded are refused in a sentence', async () => {
  const said = await checkedWithKernels('absent.mjs');
  assert.match(said, /^The kernels of the workflow cannot be used: its module cannot be loaded: /);
  assert.equal(said.trim().split('\n').length, 1);
});

test('a kernel that the module does not export is refused, and it is said where it belongs', async () => {
  await writeFile(join(folder, 'others.mjs'), 'export const kernels = { halve: () => 1 };');
  const said = await checkedWithKernels('others.mjs');
  assert.match(
    said,
    /"mine", which does not exist\..* One of your own must be among the `kernels`/,
  );
});
