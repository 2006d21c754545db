import type { CsvField } from '../formats/csv.ts';
import type { PixelSize } from '../formats/image-description.ts';
import type { CellTable } from '../imaging/cell-table/measure-cells.ts';

/** What the columns of a table of cells depend on. */
export interface TableForm {
  /** One for each channel. */
  readonly channels: readonly string[];
  readonly pixelSize: PixelSize | undefined;
}

/** Where the cells of a table were found. */
interface Source {
  /** The file of labels. */
  readonly mask: string;
  /** Which batch item, frame or slice of the image, from 0. */
  readonly frame: number;
}

/** Digits that are written: more than a float32 image has. */
const DIGITS = 9;

/**
 * The columns of a table of cells. Lengths are in pixels, places from 0; the box ends before `bbox_bottom`
 * and `bbox_right`. With a pixel size the same in µm; a perimeter only where pixels are square. The file of
 * labels stands last.
 */
export function cellColumns({ channels, pixelSize }: TableForm): string[] {
  return [
    'label',
    'frame',
    'area',
    'centroid_row',
    'centroid_column',
    'bbox_top',
    'bbox_left',
    'bbox_bottom',
    'bbox_right',
    'eccentricity',
    'perimeter',
    ...channels.flatMap((channel) => [`mean_${channel}`, `integrated_${channel}`]),
    ...(pixelSize ? ['area_um2', 'centroid_row_um', 'centroid_column_um', 'perimeter_um'] : []),
    'mask',
  ];
}

/** A row for each cell, as `cellColumns` names its fields. */
export function* cellRows(
  table: CellTable,
  { channels, pixelSize }: TableForm,
  { mask, frame }: Source,
): Generator<CsvField[]> {
  const { labels, mean, integrated } = table;
  for (const [cell, label] of labels.entries()) {
    const first = cell * channels.length;
    // Labels without their image have no values.
    const values = channels.flatMap((_, channel) => [
      mean.data[first + channel] ?? '',
      integrated.data[first + channel] ?? '',
    ]);
    yield [
      label,
      frame,
      table.area[cell],
      rounded(table.row[cell]),
      rounded(table.column[cell]),
      table.top[cell],
      table.left[cell],
      table.bottom[cell],
      table.right[cell],
      rounded(table.eccentricity[cell]),
      rounded(table.perimeter[cell]),
      ...values.map(rounded),
      ...(pixelSize ? inMicrons(table, cell, pixelSize) : []),
      // A row is a line, whatever files are called.
      mask.replaceAll(/[\r\n]+/g, ' '),
    ];
  }
}

function inMicrons(
  { area, row, column, perimeter }: CellTable,
  cell: number,
  { x, y }: PixelSize,
): CsvField[] {
  const isSquare = Math.abs(x - y) <= 1e-6 * Math.max(x, y);
  return [
    rounded(area[cell] * x * y),
    rounded(row[cell] * y),
    rounded(column[cell] * x),
    isSquare ? rounded(perimeter[cell] * x) : '',
  ];
}

function rounded(value: number | ''): CsvField {
  return value === '' ? '' : Number(value.toPrecision(DIGITS));
}
