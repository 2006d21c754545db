import { medium } from '../parents/archives.ts';
import { measureArchive } from '../parents/measure-archive.ts';
import type { Row } from '../parents/row.ts';

const MEMBERS = [16, 100];

/** Zip jobs of images of 512², their children done by a second consumer. */
export async function measureZips(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const members of MEMBERS)
    rows.push(await measureArchive(`${members} of 512²`, medium(members)));
  return rows;
}
