import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Image } from '../../src/imaging/array.ts';
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
    const spots = locateSpots({ points: one.input('coords') as Points, labels: plane });
    if (one.outputNames.includes('cell')) {
      const cells = spots.map((spot) => spot.cells[0]);
      assert.deepEqual(Float32Array.from(cells, Number), one.output('cell').data);
      assert.deepEqual([...new Set(cells)], one.extra['dict_order']);
    } else {
      const channels = Number(one.params['channels']);
      const rows = spots.map(({ x, y, cells }) => [x, y, ...cells.slice(0, channels)]);
      assert.deepEqual(rows, expectedRows(one));
    }
  });
}

/** The numbers of an expected CSV file, of as many channels as the case asks for. */
function expectedRows({ group, params }: GoldenCase): number[][] {
  const path = `${GOLDENS}/${group}/rows_${String(params['channels'])}.csv`;
  assert.ok(existsSync(path), path);
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n');
  return lines.map((line) => line.split(',').map(Number));
}
