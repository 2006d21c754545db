const TEXT = '#1f2328';

interface Drawing {
  readonly title: string;
  readonly width: number;
  readonly height: number;
}

/** An SVG on white. */
export function svg({ title, width, height }: Drawing, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

export function svgText(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${Number(y.toFixed(1))}" fill="${TEXT}" ${attributes}>${words}</text>`;
}
