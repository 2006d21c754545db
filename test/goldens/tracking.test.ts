import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Labels, type NdArray, sizeOf } from '../../src/imaging/array.ts';
import type {
  Comparison,
  Track,
  TrackingOptions,
} from '../../src/imaging/tracking/cell-tracker.ts';
import { type AssignmentInput, assignCells } from '../../src/imaging/tracking/assign-cells.ts';
import { type FrameTensors, frameTensors } from '../../src/imaging/tracking/frame-tensors.ts';
import { type MovieObjects, numberObjects } from '../../src/imaging/tracking/movie-objects.ts';
import { type Lineage, trackCells, trackedLabels } from '../../src/imaging/tracking/track-cells.ts';
import { compareWith, encode } from '../fakes/fake-tracking-models.ts';
import { type GoldenCase, goldenCases } from './load.ts';

/** A request as the manifest describes it: the shape of each input, and two sums over its values. */
interface RecordedRequest {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly input_crc: Readonly<Record<string, readonly [number, number]>>;
}

interface Replayed {
  readonly lineage: Lineage;
  readonly tracked: Labels;
  readonly embeddings: NdArray<Float32Array>;
}

type Request = Readonly<Record<string, NdArray<Float32Array>>>;

/** Everything that is sent to a model, in order. */
class Recorder {
  readonly requests: Request[] = [];
  readonly assignments: number[][] = [];

  async replay({ params, input }: GoldenCase): Promise<Replayed> {
    const [image, labels] = [input('X'), input('y')];
    const objects = numberObjects({ shape: labels.shape, data: Int32Array.from(labels.data) });
    const frames = framesOf(image, objects, params);
    const features = {
      appearances: stacked(frames.map((frame) => frame.appearances)),
      morphologies: stacked(frames.map((frame) => frame.morphologies)),
      centroids: stacked(frames.map((frame) => frame.centroids)),
      adjacency: stacked(frames.map((frame) => frame.adjacency)),
    };
    this.requests.push({
      encoder_app_input: features.appearances,
      encoder_morph_input: features.morphologies,
      encoder_centroid_input: features.centroids,
      encoder_adj_input: features.adjacency,
    });
    const embeddings = encode(features);
    const cells = { counts: objects.counts, embeddings, centroids: features.centroids };
    const lineage = await trackCells(cells, optionsOf(params), {
      compare: (comparison) => this.#compare(String(params['fake_inference']), comparison),
      assign: (assignment) => this.#assign(assignment),
    });
    const tracked = trackedLabels({ objects, labels: lineage.labels });
    return { lineage, tracked, embeddings };
  }

  #compare(model: string, comparison: Comparison): Promise<NdArray<Float32Array>> {
    this.requests.push({
      current_embeddings: comparison.currentEmbeddings,
      current_centroids: comparison.currentCentroids,
      future_embeddings: comparison.futureEmbeddings,
      future_centroids: comparison.futureCentroids,
    });
    return Promise.resolve(compareWith(model, comparison));
  }

  #assign(input: AssignmentInput): Promise<Int32Array> {
    const columns = assignCells(input);
    this.assignments.push([...columns]);
    return Promise.resolve(columns);
  }
}

function framesOf(
  { shape, data }: NdArray,
  { counts, labels }: MovieObjects,
  params: GoldenCase['params'],
): FrameTensors[] {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const area = rows * columns;
  const image = Float32Array.from(data);
  return counts.map((_, frame) =>
    frameTensors({
      image: {
        shape: [rows, columns, channels],
        data: image.subarray(frame * area * channels, (frame + 1) * area * channels),
      },
      labels: {
        shape: [rows, columns],
        data: labels.data.subarray(frame * area, (frame + 1) * area),
      },
      slots: Math.max(...counts),
      appearanceSize: Number(params['appearance_dim']),
      crop: 'resize',
      neighbourDistance: Number(params['distance_threshold']),
    }),
  );
}

/** Batches of one, one after the other. */
function stacked(arrays: readonly NdArray<Float32Array>[]): NdArray<Float32Array> {
  const [, ...row] = arrays[0]?.shape ?? [];
  return {
    shape: [arrays.length, ...row],
    data: Float32Array.from(arrays.flatMap(({ data }) => [...data])),
  };
}

function optionsOf(params: GoldenCase['params']): TrackingOptions {
  const number = (name: string): number => Number(params[name]);
  return {
    trackLength: number('track_length'),
    division: number('division'),
    death: number('death'),
    birth: number('birth'),
  };
}

/** A track in the form of the reference's files. */
function recorded({ label, frames, daughters, capped, dividedAt, parent }: Track): unknown {
  const common = { label, frames, daughters, capped };
  return { ...common, frame_div: dividedAt ?? null, parent: parent ?? null };
}

function checkRequests(requests: readonly Request[], expected: readonly RecordedRequest[]): void {
  assert.equal(requests.length, expected.length);
  for (const [index, { inputs, input_crc: sums }] of expected.entries()) {
    for (const [name, shape] of Object.entries(inputs)) {
      const sent = requests[index]?.[name];
      assert.deepEqual(sent?.shape, shape, name);
      assert.equal(sent.data.length, sizeOf(shape));
      const plain = sent.data.reduce((sum, value) => sum + value, 0);
      const weighted = sent.data.reduce((sum, value, i) => sum + value * (i % 1009), 0);
      for (const [found, wanted] of [
        [plain, sums[name]?.[0]],
        [weighted, sums[name]?.[1]],
      ]) {
        assert.ok(Math.abs((found ?? 0) - (wanted ?? 0)) <= 1e-5 * Math.abs(wanted ?? 0), name);
      }
    }
  }
}

for (const one of goldenCases('app_tracking')) {
  test(`app_tracking: ${one.name}`, async () => {
    const recorder = new Recorder();
    const expected = one.extra as {
      readonly requests: readonly RecordedRequest[];
      readonly lineage: Readonly<Record<string, unknown>>;
      readonly trace: readonly { readonly assignment_col: readonly number[] }[];
    };
    if (one.expectError === undefined) {
      const { lineage, tracked, embeddings } = await recorder.replay(one);
      assert.deepEqual(lineage.tracks.map(recorded), Object.values(expected.lineage));
      assert.deepEqual(
        recorder.assignments,
        expected.trace.map((step) => step.assignment_col),
      );
      const results = { y_tracked: tracked, embedding: embeddings };
      for (const name of one.outputNames) {
        const { shape, data } = one.output(name);
        const result = results[name === 'embedding' ? 'embedding' : 'y_tracked'];
        assert.deepEqual(result.shape, shape);
        assert.deepEqual(Array.from(result.data), Array.from(data));
      }
    } else {
      await assert.rejects(() => recorder.replay(one), { code: 'nothing_to_track' });
    }
    checkRequests(recorder.requests, expected.requests);
  });
}
