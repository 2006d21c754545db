import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ArchivePlan, large, medium, small } from './parents/archives.ts';
import { measureArchive } from './parents/measure-archive.ts';
import { type Row, show, showHeader } from './parents/row.ts';

interface Plan {
  readonly members: number;
  readonly of: (members: number) => ArchivePlan;
}

const PLANS: Readonly<Record<string, Plan>> = {
  '16 of 512²': { members: 16, of: medium },
  '1,000 of 64²': { members: 1000, of: small },
  '10,000 of 64²': { members: 10_000, of: small },
  '4 GiB': { members: 1024, of: large },
};

/**
 * Measures zip jobs: one process for the archives, one for their images, beside a real Redis, a folder as bucket and a model server that
 * answers at once. `--only "1,000 of 64²"` measures one row, `--members 50` gives each archive as many members. Every archive is run once without being measured, but for the largest.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, only: { type: 'string' }, members: { type: 'string' } },
  });
  const names = Object.keys(PLANS).filter(
    (name) => values.only === undefined || name === values.only,
  );
  if (names.length === 0) throw new Error(`--only is one of ${Object.keys(PLANS).join('; ')}.`);
  showHeader();
  const rows: Row[] = [];
  for (const name of names) {
    const row = PLANS[name];
    if (row === undefined) continue;
    const plan = row.of(Number(values.members ?? row.members));
    rows.push(show(await measureArchive(name, plan)));
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}
