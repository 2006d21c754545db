/** A field of a CSV file: text as it stands, a number as JavaScript writes it; see `pythonFloat`. */
export type CsvField = string | number;

/** Lines as Python's csv module writes them by default: commas, CRLF, quotes only where they are needed. */
export function writeCsv(
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): Uint8Array {
  const lines = [csvLine(header)];
  for (const row of rows) lines.push(csvLine(row));
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);
}

/** One line, without its end. */
export function csvLine(fields: readonly CsvField[]): string {
  return fields.map(quoted).join(',');
}

function quoted(field: CsvField): string {
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
