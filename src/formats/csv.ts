/** Lines as Python's csv module writes them by default: commas, CRLF, no quotes needed for numbers. */
export function writeCsv(header: readonly string[], rows: Iterable<readonly number[]>): Uint8Array {
  const lines = [header.join(',')];
  for (const row of rows) lines.push(row.map(String).join(','));
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);
}
