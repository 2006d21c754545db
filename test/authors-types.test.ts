import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Image,
  type Job,
  type Labels,
  type Stage,
  type StageContext,
  collectResults,
  compute,
  decodeImage,
  defineStage,
  defineWorkflow,
  describeImage,
  download,
  type isImage,
  mergeResults,
  orient,
  type OwnMetric,
  ownMetric,
  packageResults,
  pipeline,
  predictTiles,
  removeTemporary,
  setting,
  splitPositions,
  tiff,
  upload,
} from '../src/index.ts';
import type { Mistake } from './harness/mistakes-of-authors.ts';

/*
 * What the compiler tells authors: each mistake is expected to be an error, and tsc complains where it no longer is. And what they rely on: a
 * type that changes here is a change for a new major version.
 */

type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2
    ? true
    : false;
const pinned = <Holds extends true>(holds: Holds): boolean => holds;

const common = { name: 'mine', summary: 'Mine.', accepts: () => true };
const settings = { model: setting.model('MINE_MODEL', 'Mine:1', 'Mine.') };
const results = packageResults(({ heads }: { readonly heads: readonly Image[] }) =>
  heads.map((head, at) => tiff(`${at}.tif`, head)),
);

const sizes = ownMetric.counter('mine_cells_total', {
  help: 'Cells.',
  labels: { size: ['small', 'large'] },
});
const depth = ownMetric.gauge('mine_depth', { help: 'Depth.' });
const naming = packageResults(({ image }: { readonly image: Image }) => [tiff('a.tif', image)]);
/** Never called. */
const recording = (act: (context: StageContext) => void) => act;

/** Never called: only its types matter. */
const mistakes: Readonly<
  Record<
    | Mistake
    | 'a split without children'
    | 'a kernel of the wrong type'
    | 'a wrong label'
    | 'a label forgotten'
    | 'a label of another metric',
    () => unknown
  >
> = {
  'a wrong order': () =>
    // @ts-expect-error: orient needs what decodeImage leaves
    pipeline(download, describeImage, orient(), decodeImage),
  'an unknown kernel': () =>
    // @ts-expect-error: it is called deepWatershed
    compute('deepWaterShed', { as: 'labels', from: () => ({}) }),
  'a missing setting': () =>
    defineWorkflow({
      ...common,
      settings,
      // @ts-expect-error: it is called model
      pipeline: ({ modle }) =>
        pipeline(
          download,
          describeImage,
          decodeImage,
          orient(),
          predictTiles(modle),
          results,
          upload,
        ),
    }),
  'a result of the wrong type': () =>
    // @ts-expect-error: a table of text is no image
    packageResults(() => [tiff('a.tif', 'labels')]),
  'a kernel of the wrong type': () =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      orient(),
      compute((_: { readonly image: Image }) => 'bright', {
        as: 'mask',
        from: ({ image }: { readonly image: Image }) => ({ image }),
      }),
      // @ts-expect-error: the kernel left a text
      packageResults(({ mask }: { readonly mask: Image }) => [tiff('a.tif', mask)]),
      upload,
    ),
  'a name that is taken': () =>
    defineWorkflow({
      ...common,
      // @ts-expect-error: a built-in workflow has it
      name: 'mesmer',
      settings: {},
      pipeline: () => pipeline(download, describeImage, decodeImage, orient(), naming, upload),
    }),
  'no delivery': () =>
    defineWorkflow({
      ...common,
      settings,
      // @ts-expect-error: upload is missing
      pipeline: ({ model }) =>
        pipeline(download, describeImage, decodeImage, orient(), predictTiles(model), results),
    }),
  'a split without children': () =>
    defineWorkflow({
      ...common,
      settings: {},
      // @ts-expect-error: split must leave children
      split: () => pipeline(download),
      join: () => pipeline(collectResults(), mergeResults, removeTemporary),
    }),
  'a wrong label': () =>
    recording(({ record }) => {
      record(sizes, 1, { size: 'small' });
      // @ts-expect-error: it is small or large
      record(sizes, 1, { size: 'huge' });
    }),
  'a label forgotten': () =>
    recording(({ record }) => {
      record(depth, 1);
      // @ts-expect-error: it has a label
      record(sizes, 1);
    }),
  'a label of another metric': () =>
    recording(({ record }) => {
      // @ts-expect-error: it has none
      record(depth, 1, { size: 'small' });
    }),
};

test('each mistake of an author is an error of the compiler', () => {
  assert.equal(Object.keys(mistakes).length, 11);
});

test('the types that authors rely on are these', () => {
  const counted = defineStage({
    name: 'count',
    concurrency: 4,
    run: async ({ labels }: { readonly labels: Labels }) => ({ cells: labels.data.length }),
  });
  const counts = compute('countLabels', {
    as: 'cells',
    from: ({ labels }: { readonly labels: Labels }) => ({ labels }),
  });
  const split = splitPositions({ queue: 'segmentation' });
  assert.ok(
    [
      pinned<Same<typeof counted, Stage<{ readonly labels: Labels }, { cells: number }>>>(true),
      pinned<Same<typeof counts, Stage<{ readonly labels: Labels }, Record<'cells', number[]>>>>(
        true,
      ),
      pinned<Same<Parameters<(typeof split)['run']>[0], { image: Image }>>(true),
      pinned<Same<typeof sizes, OwnMetric<{ readonly size: readonly ['small', 'large'] }>>>(true),
      pinned<Same<typeof depth, OwnMetric<Readonly<Record<string, never>>>>>(true),
      pinned<Same<Parameters<typeof isImage>, [fileName: string]>>(true),
      pinned<
        Same<
          keyof Job,
          'key' | 'queue' | 'fields' | 'inputFileName' | 'originalName' | 'resultId' | 'parent'
        >
      >(true),
      pinned<
        Same<
          keyof StageContext,
          | 'bucket'
          | 'models'
          | 'compute'
          | 'clock'
          | 'job'
          | 'family'
          | 'limits'
          | 'signal'
          | 'note'
          | 'flush'
          | 'progress'
          | 'reserve'
          | 'tryReserve'
          | 'moved'
          | 'persist'
          | 'record'
          | 'warn'
        >
      >(true),
      pinned<
        Same<
          keyof Stage<object, object>,
          | 'name'
          | 'concurrency'
          | 'status'
          | 'timing'
          | 'timeoutMs'
          | 'retry'
          | 'remote'
          | 'needs'
          | 'adds'
          | 'mayLack'
          | 'frees'
          | 'footprint'
          | 'kernels'
          | 'run'
        >
      >(true),
    ].every(Boolean),
  );
});
