import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { spotTable } from '../../src/formats/spot-table.ts';
import type { Image, NdArray } from '../../src/imaging/array.ts';
import { locateSpots } from '../../src/imaging/spots/spot-cells.ts';
import { findSpots, type Points, type SpotRule } from '../../src/imaging/spots/spots.ts';
import { type GoldenCase, GOLDENS, goldenCases } from './load.ts';

function ruleOf({ params }: GoldenCase): SpotRule {
  if (params['variant'] === 'restrictive') return { kind: 'close' };
  if (params['variant'] === 'cc') return { kind: 'components' };
  return { kind: 'maxima', minimumDistance: Number(params['min_distance']) };
}

for (const one of goldenCases('spot_postprocess')) {
  test(`spot_postprocess: ${one.name}`, () => {
    const found = findSpots({
      classification: one.input('classification') as Image,
      offsets: one.input('offset_regression') as Image,
      threshold: Number(one.params['threshold']),
      rule: ruleOf(one),
    });
    const expected = one.output('points');
    const [batches, count] = expected.shape;
    assert.equal(found.length, batches);
    assert.deepEqual(found[0]?.shape, [count, 2]);
    assert.deepEqual(Float64Array.from(found.flatMap(({ data }) => [...data])), expected.data);
  });
}

for (const one of goldenCases('polaris')) {
  test(`polaris: ${one.name}`, () => {
    const labels = one.input('labels');
    const plane = { shape: labels.shape.slice(1), data: labels.data };
    const points = one.input('coords') as Points;
    if (one.outputNames.includes('cell')) {
      const cells = locateSpots({ points, labels: plane }).map((spot) => spot.cells[0]);
      assert.deepEqual(Float32Array.from(cells, Number), one.output('cell').data);
      assert.deepEqual([...new Set(cells)], one.extra['dict_order']);
    } else {
      const channels = Number(one.params['channels']);
      const table = spotTable({ points, labels: firstChannels(plane, channels) });
      assert.ok(expectedTable(one).equals(table));
    }
  });
}

function firstChannels({ shape, data }: NdArray, channels: number): NdArray {
  const [rows = 0, columns = 0, all = 1] = shape;
  const chosen = data.filter((_, at) => at % all < channels);
  return { shape: [rows, columns, channels], data: chosen };
}

/** The bytes of an expected CSV file, of as many channels as the case asks for. */
function expectedTable({ group, params }: GoldenCase): Buffer {
  const path = `${GOLDENS}/${group}/rows_${String(params['channels'])}.csv`;
  assert.ok(existsSync(path), path);
  return readFileSync(path);
}
