import { WORKFLOWS } from '../../workflows/index.ts';
import { columns } from '../command-line/help-text.ts';

/** The fields of jobs, each with what it means and with the workflows that read it. */
export async function fieldsHelp(): Promise<string> {
  const fields = WORKFLOWS.flatMap(({ name: workflow, fields: own = [] }) =>
    own.map((field) => ({ workflow, field })),
  );
  const alike = Map.groupBy(fields, ({ field }) => field);
  const rows = [...alike].map(([{ name, example, summary }, readers]): [string, string] => [
    `${name}=${example}`,
    `${summary} (${readers.map(({ workflow }) => workflow).join(', ')})`,
  ]);
  return `Fields (docs/JOBS.md has all about them):\n${columns(rows)}`;
}
