import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Report } from '../e2e/report.ts';

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url);
const CASE = 'nuclear-1024';

/** Seconds of processor time that a consumer takes for a nuclear image of 1024², by the last page of `npm run bench -- e2e`. */
export async function measuredCoreSeconds(): Promise<number> {
  const newest = globSync('20*.json', { cwd: FOLDER }).toSorted().at(-1);
  if (newest === undefined) throw new Error('Nothing is measured yet: run npm run bench -- e2e.');
  const text = await readFile(new URL(newest, FOLDER), 'utf8');
  const { cases } = JSON.parse(text) as Report; // what bench/e2e.ts wrote
  const { loads = [] } = cases.find(({ name }) => name === CASE) ?? {};
  const load = loads.find(({ processes, latencyMs }) => processes === 1 && latencyMs === 0);
  if (load === undefined) throw new Error(`${newest} has no ${CASE} of one process at 0 ms.`);
  return load.cpuMs / 1000;
}
