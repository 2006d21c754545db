import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { trackMovie } from '../../../src/stages/tracking/track-movie.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { servedTrackers } from '../../fakes/served-trackers.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const stage = trackMovie({
  encoder: { name: 'Encoder', version: 1 },
  model: { name: 'Tracker', version: 1 },
  neighbourDistance: 50,
  trackLength: 8,
  division: 0.9,
  birth: 0.99,
  death: 0.99,
  appearanceSize: 32,
  crop: 'resize',
});

/** Frames of 8 × 8 pixels, with cells of 2 × 2 pixels at these places; labels count anew in each frame. */
function movieOf(...frames: readonly (readonly (readonly [number, number])[])[]) {
  const data = new Int32Array(frames.length * 64);
  frames.forEach((cells, frame) =>
    cells.forEach(([row, column], cell) => {
      for (const at of [0, 1, 8, 9]) data[frame * 64 + row * 8 + column + at] = cell + 1;
    }),
  );
  return {
    image: counting(frames.length, 8, 8, 1),
    labels: { shape: [frames.length, 8, 8, 1], data },
  };
}

function track(movie: ReturnType<typeof movieOf>, ...served: ReturnType<typeof servedTrackers>) {
  const said = stageContext({
    models: new InProcessModels(...served),
    compute: new InlinePool(kernels),
  });
  return { said, result: stage.run({ movie }, said.context) };
}

test('a cell keeps its label through the movie, whatever its label in a frame', async () => {
  const movie = movieOf(
    [
      [0, 0],
      [4, 4],
    ],
    [
      [4, 4],
      [0, 0],
    ],
    [
      [0, 0],
      [4, 4],
    ],
  );
  const { said, result } = track(movie, ...servedTrackers('tracker'));
  const { tracked, tracks } = await result;
  const at = (row: number, column: number): (number | undefined)[] =>
    [0, 1, 2].map((frame) => tracked.data[frame * 64 + row * 8 + column]);
  assert.deepEqual(
    [at(0, 0), at(4, 4), at(0, 7)],
    [
      [1, 1, 1],
      [2, 2, 2],
      [0, 0, 0],
    ],
  );
  assert.deepEqual(
    tracks.map(({ label, frames, daughters, parent }) => [label, frames, daughters, parent]),
    [
      [1, [0, 1, 2], [], undefined],
      [2, [0, 1, 2], [], undefined],
    ],
  );
  assert.equal(said.progress.at(-1), 1);
  assert.deepEqual(stage.frees, ['movie']);
});

test('a frame without cells fails the job in words', async () => {
  const { result } = track(movieOf([[0, 0]], []), ...servedTrackers('tracker'));
  await assert.rejects(result, { kind: 'bad_input' });
});

test('a model that gives more than one output is refused', async () => {
  const [encoder, tracker] = servedTrackers('tracker');
  assert.ok(encoder && tracker);
  const predict = async () =>
    new Map([
      ['a', counting(1)],
      ['b', counting(1)],
    ]);
  const { result } = track(movieOf([[0, 0]], [[0, 0]]), encoder, { ...tracker, predict });
  await assert.rejects(result, {
    code: 'model_mismatch',
    message: 'Model Tracker:1 gave 2 outputs; one was expected.',
  });
});

test('a movie of more channels than the encoder takes is refused in the words of the file', async () => {
  const { labels } = movieOf([[0, 0]]);
  const movie = { image: counting(1, 8, 8, 2), labels };
  await assert.rejects(track(movie, ...servedTrackers('tracker')).result, {
    code: 'wrong_dimensions',
    message:
      '"a.tif" has 2 channels, but model Encoder:1 takes 1. Save a file with the channel to track by.',
  });
});
