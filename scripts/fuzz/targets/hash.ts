import type { Job } from '../../../src/job/job.ts';
import type { StageContext } from '../../../src/flow/stage.ts';
import { entryNames } from '../../../src/formats/archive/entry-names.ts';
import type { DecodedImage } from '../../../src/formats/decode-image.ts';
import { kernels } from '../../../src/kernels.ts';
import { resultStem } from '../../../src/stages/results/result-file.ts';
import { planImage } from '../../../src/stages/plan/plan-image.ts';
import { planMesmer } from '../../../src/stages/plan/plan-mesmer.ts';
import { planSpots } from '../../../src/stages/plan/plan-spots.ts';
import type { Pass } from '../../../src/stages/plan/passes.ts';
import { preprocess } from '../../../src/stages/preprocess.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { absent, stagePorts } from '../../../test/harness/stages/stage-ports.ts';
import { mutateText } from '../mutate/text.ts';
import type { Target } from './target.ts';

const model = { name: 'Model', version: 1 };
const SETTINGS = {
  nuclearModel: model,
  cytoplasmModel: model,
  phaseModel: model,
  labelDetectEnabled: false,
  labelDetectModel: model,
  scaleDetectEnabled: false,
  scaleDetectModel: model,
  pixelSizeFromFile: false,
  minScale: 0.1,
  maxScale: 10,
};
const PLANS = {
  image: planImage(SETTINGS),
  mesmer: planMesmer({ ...SETTINGS, model, compartment: 'both' }),
  spot: planSpots({ model, clip: false }),
};

const LIMITS = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 26, maxFrames: 60 };
/** A job hash, as lines of `name=value`; `shape` and `queue` say to what image and workflow it comes. */
export const hash: Target = {
  seeds: [],
  texts: [
    'queue=image\nshape=24,30\ninput_file_name=uploads/a.tif\noriginal_name=a.tif\nchannels=0,\nscale=1\ndimension_order=XY',
    'queue=image\nshape=3,24,30\ninput_file_name=uploads/a.png\noriginal_name=my/a: b, c.png\nchannels=0,1,\nscale=0.5\ndimension_order=CXY',
    'queue=image\nshape=24,30,2\ninput_file_name=a.tif\nmodel_name=M\nmodel_version=1\npreprocess_function=normalize,histogram_normalization\npostprocess_function=deep_watershed\nscale=2',
    'queue=mesmer\nshape=2,24,30\ninput_file_name=a.tif\nchannels=0,1\ncompartment=both\nscale=1.5',
    'queue=mesmer\nshape=1,24,30,3\ninput_file_name=a.tif\nchannels=2,1',
    `queue=mesmer\nshape=2,60,60\ninput_file_name=a.tif\nchannels=${Array(20_000).fill('0').join(',')}`,
    'queue=spot\nshape=24,30,4\ninput_file_name=a.tif\nscale=1',
  ],
  mutate: mutateText([
    'channels=',
    'scale=',
    'dimension_order=',
    'compartment=',
    'shape=',
    'axes=',
    'TCYX',
    'CYXS',
    'ZYX',
    'model_name=',
    'model_version=',
    'postprocess_function=',
    'BXY',
    'CXYB',
    'nuclear',
    'whole-cell',
    'deep_watershed',
  ]),
  run: async (bytes) => {
    const fields = readFields(Buffer.from(bytes).toString());
    const workflow = Object.entries(PLANS).find(([name]) => name === fields['queue']);
    const plan = workflow?.[1] ?? PLANS.image;
    const job = jobOf(fields);
    const raw = imageOf(fields['shape'] ?? '', fields['axes'] ?? '');
    const [name = ''] = entryNames([`${resultStem(job)}_feature_0.tif`]);
    if (name === '' || name.split('/').includes('..')) throw new Error('an unsafe name');
    const context = contextOf(job);
    const { passes } = (await plan.run({ raw }, context)) as { readonly passes: readonly Pass[] };
    const { prepared } = await preprocess.run({ passes }, context);
    return `planned ${prepared.length} passes of ${passes[0]?.application.name}`;
  },
};

function readFields(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

/**
 * Up to 100,000 values, so that what is slow or large is so for the sake of other fields, with the
 * names of its axes if there are as many.
 */
function imageOf(text: string, names: string): DecodedImage {
  const shape = text.split(',').map((word) => 1 + (Number.parseInt(word, 10) % 64 || 0));
  const axes = shape.map((axis) => Math.max(1, axis)).slice(0, 5);
  const size = axes.reduce((sum, axis) => sum * axis, 1);
  const fitting = size > 100_000 ? [10, 10] : axes;
  const length = fitting.reduce((sum, axis) => sum * axis, 1);
  return {
    shape: fitting,
    data: Float32Array.from({ length }, (_, index) => index % 251),
    axes: names.length === fitting.length ? names : 'Q'.repeat(fitting.length),
    axesFrom: 'the file',
    channelNames: [],
    sampleType: 'float32',
    notes: [],
    blankPlanes: [],
  };
}

function jobOf(fields: Readonly<Record<string, string>>): Job {
  const inputFileName = fields['input_file_name'] ?? '';
  const originalName = fields['original_name'] || inputFileName;
  return { key: 'a:1', queue: 'a', fields, inputFileName, originalName, resultId: '' };
}

function contextOf(job: Job): StageContext {
  return {
    ...stagePorts({ compute: new InlinePool(kernels) }),
    job,
    family: absent('family'),
    limits: LIMITS,
    signal: new AbortController().signal,
    note: () => {},
    progress: () => {},
    reserve: async () => () => {},
    tryReserve: () => () => {},
    moved: () => {},
    persist: (_, attempt) => attempt(),
    record: () => {},
    flush: async () => {},
    warn: () => {},
  };
}
