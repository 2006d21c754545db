import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServedModel, Tensors } from '../../src/stand-in-server/served-model.ts';
import { trackingModels } from '../../src/stand-in-server/tracking-models.ts';

function model(name: string): ServedModel {
  const found = trackingModels().find((one) => one.name === name && one.version === 6);
  assert.ok(found !== undefined);
  return found;
}

type Cell = readonly [row: number, column: number, area: number];

/** What the encoder makes of the cells of one frame. */
async function encoded(cells: readonly Cell[]): Promise<Tensors> {
  const floats = (shape: readonly number[], values: readonly number[]) => ({
    shape: [1, cells.length, ...shape],
    data: Float32Array.from(values),
  });
  const centroids = cells.flatMap(([row, column]) => [row, column]);
  return model('NuclearTrackingNE').predict(
    new Map([
      ['encoder_centroid_input', floats([2], centroids)],
      [
        'encoder_morph_input',
        floats(
          [3],
          cells.flatMap(([, , area]) => [area, 10, 0.5]),
        ),
      ],
    ]),
  );
}

/** The likeliest of same (0), different (1) and daughter (2), for each later cell. */
async function judged(track: Cell, cells: readonly Cell[]): Promise<number[]> {
  const inputs = new Map();
  for (const [when, seen] of [
    ['current', await encoded([track])],
    ['future', await encoded(cells)],
  ] as const) {
    for (const [name, output] of [
      ['centroids', 'encoder_centroid_input'],
      ['embeddings', 'relu_nef'],
    ] as const) {
      const { shape = [], data } = seen.get(output) ?? {};
      inputs.set(`${when}_${name}`, { shape: [1, ...shape], data });
    }
  }
  const { shape, data } = (await model('NuclearTrackingInf').predict(inputs)).get('softmax') ?? {};
  assert.deepEqual(shape, [1, 1, 1, cells.length, 3]);
  return cells.map((_, cell) => {
    const shares = [...(data ?? [])].slice(3 * cell, 3 * cell + 3);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
    return shares.indexOf(Math.max(...shares));
  });
}

test('a near cell is the same, a far one another, and a near one of half the size a daughter', async () => {
  const kinds = await judged(
    [50, 50, 200],
    [
      [53, 49, 190],
      [120, 20, 200],
      [58, 56, 95],
    ],
  );
  assert.deepEqual(kinds, [0, 1, 2]);
});
