import type { Image } from 'image-js';

/** Digits of 3 by 5 pixels, a row after the other. */
const DIGITS = [
  '111101101101111',
  '010110010010111',
  '111001111100111',
  '111001011001111',
  '101101111001001',
  '111100111001111',
  '111100111101111',
  '111001010010010',
  '111101111101111',
  '111101111001111',
];
const [COLUMNS, ROWS] = [3, 5];
const SIZE = 2;

interface Place {
  readonly row: number;
  readonly column: number;
}

/** Writes a number on an image, in place, its middle at a point. image-js writes no text. */
export function drawNumber(
  image: Image,
  number: number,
  { row, column }: Place,
  colour: readonly number[],
): void {
  const digits = String(number);
  const top = Math.round(row - (ROWS * SIZE) / 2);
  const left = Math.round(column - (digits.length * (COLUMNS + 1) * SIZE) / 2);
  for (const [at, digit] of Array.from(digits).entries()) {
    const corner = { row: top, column: left + at * (COLUMNS + 1) * SIZE };
    drawDigit(image, DIGITS[Number(digit)] ?? '', corner, colour);
  }
}

function drawDigit(image: Image, bits: string, corner: Place, colour: readonly number[]): void {
  for (const [bit, set] of Array.from(bits).entries()) {
    if (set !== '1') continue;
    const row = corner.row + SIZE * Math.floor(bit / COLUMNS);
    const column = corner.column + SIZE * (bit % COLUMNS);
    image.drawRectangle({
      origin: { row, column },
      width: SIZE,
      height: SIZE,
      strokeColor: [...colour],
      fillColor: [...colour],
      out: image,
    });
  }
}
