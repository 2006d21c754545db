import { readSettings } from '../consumer/read-settings.ts';

/** Shows the settings in force, or all that is wrong with them (then it throws). */
export async function checkConfig(): Promise<number> {
  const { workflow, inForce } = await readSettings();
  const lines = Object.entries(inForce).map(([name, value]) => `${name}=${value}`);
  process.stdout.write(`# ${workflow.name}: ${workflow.summary}\n${lines.join('\n')}\n`);
  return 0;
}
