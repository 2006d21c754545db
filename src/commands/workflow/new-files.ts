import { variablePrefix } from '../../config/setting.ts';
import { CELLS, sampleImage } from './sample-image.ts';

/** The files of a new workflow, by name. */
export function newFiles(name: string, spec: string): Record<string, string | Uint8Array> {
  return {
    [`${name}.ts`]: workflowFile(name),
    [`${name}.test.ts`]: testFile(name),
    'package.json': `${JSON.stringify(packageFile(name, spec), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(COMPILER, null, 2)}\n`,
    'sample.tif': sampleImage(),
    'README.md': readme(name),
  };
}

const COMPILER = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
  },
  include: ['*.ts'],
};

function packageFile(name: string, spec: string): object {
  return {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: {
      check: `tsc && kiosk-redis-consumer workflow check ${name}.ts`,
      test: 'node --test',
    },
    dependencies: { 'kiosk-redis-consumer': spec },
    devDependencies: { '@types/node': '^24.0.0', typescript: '>=5.8' },
  };
}

function workflowFile(name: string): string {
  return `import {
  compute,
  decodeImage,
  defineWorkflow,
  describeImage,
  download,
  isImage,
  orient,
  packageResults,
  pipeline,
  predictTiles,
  setting,
  tiff,
  upload,
} from 'kiosk-redis-consumer';

export default defineWorkflow({
  name: '${name}',
  summary: 'Labels nuclei.',
  accepts: (job) => isImage(job.inputFileName),
  settings: {
    model: setting.model('${variablePrefix(name)}_MODEL', 'NuclearSegmentation:6', 'Model that finds nuclei.'),
  },
  pipeline: ({ model }) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      orient(),
      predictTiles(model),
      compute('deepWatershed', {
        as: 'labels',
        from: ({ heads: [maxima, interior] }) => ({ maxima, interior, radius: 5 }),
      }),
      packageResults(({ labels }) => [
        tiff('labels.tif', { ...labels, shape: labels.shape.slice(0, 3) }),
      ]),
      upload,
    ),
});
`;
}

/** Apart from the text: the build of the package rewrites the imports that it finds to `.js`. */
const SOURCE = '.ts';

function testFile(name: string): string {
  return `import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runWorkflow } from 'kiosk-redis-consumer/testing';
import workflow from './${name}${SOURCE}';

test('finds the nuclei of the sample', async () => {
  const image = await readFile(new URL('sample.tif', import.meta.url));
  const { status, error, files } = await runWorkflow(workflow, { image });
  assert.equal(status, 'done', error?.message);
  const labels = files.get('labels.tif')?.array();
  // The background is one of the values.
  assert.equal(new Set(labels?.data).size - 1, ${CELLS});
});
`;
}

function readme(name: string): string {
  return `# ${name}

A workflow for kiosk-redis-consumer.

- \`npm install\`, then \`npm test\` runs it on \`sample.tif\` without Redis and model servers;
  stand-ins take the place of the models.
- \`npm run check\` compiles it and says what a consumer would refuse at its start.
- \`npx kiosk-redis-consumer workflow run ${name}.ts --input sample.tif\` shows what each stage takes
  and draws the result.

If \`kiosk-redis-consumer\` is not in your registry, make a package of a checkout with \`npm pack\`, and install that:
\`npm install PATH/kiosk-redis-consumer-1.0.0.tgz\`.

A consumer runs it with \`WORKFLOW_MODULES=/path/to/${name}.ts CONSUMER_TYPE=${name} QUEUE=${name}\`.
`;
}
