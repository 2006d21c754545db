import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCommand } from './command-process.ts';

const IMPORTS = `import { decodeImage, defineWorkflow, describeImage, download, isImage, orient, packageResults, pipeline,
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
  'a setting that is not declared': {
    stages: `download, describeImage, decodeImage, orient(), predictTiles(modle), ${RESULTS}, upload`,
    said: 'Workflow "mine": its stages cannot be put together: TypeError: predictTiles needs a model, such as the value of setting.model(…).',
  },
};

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk authors-'));
});
after(() => rm(folder, { recursive: true }));

for (const [mistake, { stages, said }] of Object.entries(MISTAKES)) {
  test(`${mistake} is refused at the start, in a sentence that names the stage`, async () => {
    const module = join(folder, `${mistake.replaceAll(' ', '-')}.mjs`);
    const text = `${IMPORTS}export default defineWorkflow({ name: 'mine', summary: 'Mine.', settings: ${MODEL},
      accepts: (job) => isImage(job.inputFileName), pipeline: ({ model, modle }) => pipeline(${stages}) });`;
    await writeFile(module, text);
    const environment = {
      STORAGE_BUCKET: 'gs://images',
      REDIS_HOST: 'redis',
      CONSUMER_TYPE: 'mine',
      WORKFLOW_MODULES: module,
    };
    const { code, stderr } = await runCommand(['check-config'], environment);
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(said), stderr);
  });
}
