import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { Machine } from '../e2e/report.ts';

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url);

/** What a page of docs/benchmarks was made of; nothing if there is none. */
export async function readReport<Report>(name: string): Promise<Partial<Report>> {
  const text = await readFile(new URL(`${name}.json`, FOLDER), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Partial<Report>; // what writeReport wrote
}

/** Writes docs/benchmarks/<name>.md, and what it was made of beside it. */
export async function writeReport(name: string, report: object, page: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    new URL(`${name}.json`, FOLDER),
    await formatted(JSON.stringify(report, null, 2), 'json'),
  );
  await writeFile(new URL(`${name}.md`, FOLDER), page);
}

/** Writes a picture of docs/benchmarks. */
export async function writePicture(name: string, picture: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(name, FOLDER), picture);
}

/** A page of docs/benchmarks: its title, with which command it was made and where, and its parts. */
export function benchmarkPage(
  title: string,
  command: string,
  { date, commit, processor, cores, node, load }: Machine,
  parts: readonly string[],
): Promise<string> {
  const made =
    `Made by \`npm run bench -- ${command}\` at ${commit}, ${date}, on ${cores} cores of ${processor}, ` +
    `Node ${node}, load ${load.toFixed(1)}.`;
  return formatted([`# ${title}`, made, ...parts].join('\n\n'), 'markdown');
}

/** A table in Markdown. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function formatted(text: string, parser: 'markdown' | 'json'): Promise<string> {
  const options = await resolveConfig(new URL('page.md', import.meta.url));
  return format(text, { ...options, parser });
}
