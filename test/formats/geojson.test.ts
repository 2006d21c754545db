import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlinesGeoJson } from '../../src/formats/geojson.ts';

const RING = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
] as const;

test('a label in one piece is a Polygon, one in several a MultiPolygon, each a detection', () => {
  const text = [
    ...outlinesGeoJson([
      { label: 3, polygons: [[RING]] },
      { label: 4, polygons: [[RING, RING], [RING]] },
    ]),
  ].join('');
  const detection = (label: number) => ({ objectType: 'detection', name: String(label), label });
  assert.deepEqual(JSON.parse(text), {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        id: 3,
        geometry: { type: 'Polygon', coordinates: [RING] },
        properties: detection(3),
      },
      {
        type: 'Feature',
        id: 4,
        geometry: { type: 'MultiPolygon', coordinates: [[RING, RING], [RING]] },
        properties: detection(4),
      },
    ],
  });
});

test('without cells the collection is empty', () => {
  const empty: unknown = JSON.parse([...outlinesGeoJson([])].join(''));
  assert.deepEqual(empty, { type: 'FeatureCollection', features: [] });
});
