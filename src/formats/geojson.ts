import type { LabelPolygons } from '../imaging/label-polygons.ts';

/**
 * Outlines of cells as a GeoJSON FeatureCollection, piece by piece, as QuPath reads it: a detection for each
 * label, in pixels of the image, x to the right and y down.
 */
export function* outlinesGeoJson(outlines: Iterable<LabelPolygons>): Generator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let isFirst = true;
  for (const { label, polygons } of outlines) {
    const [only] = polygons;
    const geometry =
      polygons.length === 1
        ? { type: 'Polygon', coordinates: only }
        : { type: 'MultiPolygon', coordinates: polygons };
    const properties = { objectType: 'detection', name: String(label), label };
    const feature = { type: 'Feature', id: label, geometry, properties };
    yield `${isFirst ? '' : ','}\n${JSON.stringify(feature)}`;
    isFirst = false;
  }
  yield '\n]}\n';
}
