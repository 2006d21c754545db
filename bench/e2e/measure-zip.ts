import { medium } from '../parents/archives.ts';
import { Pair } from '../parents/pair.ts';
import type { Row } from '../parents/row.ts';

const MEMBERS = [16, 100];

/** Zip jobs of images of 512², their children done by a second consumer; each archive once before it is measured. */
export async function measureZips(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const members of MEMBERS) {
    const plan = medium(members);
    const pair = await Pair.open();
    try {
      await pair.upload(plan);
      await pair.run(plan);
      rows.push({ what: `${members} of 512²`, ...(await pair.run(plan)) });
    } finally {
      await pair.close();
    }
  }
  return rows;
}
