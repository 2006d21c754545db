import { format, resolveConfig } from 'prettier';
import type { Machine } from '../e2e/report.ts';

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
  return formatted([`# ${title}`, made, ...parts].join('\n\n'));
}

/** A table in Markdown. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function formatted(text: string): Promise<string> {
  const options = await resolveConfig(new URL('page.md', import.meta.url));
  return format(text, { ...options, parser: 'markdown' });
}
