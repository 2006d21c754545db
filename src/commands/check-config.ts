import { OBSOLETE_SETTINGS } from '../config/core-settings.ts';
import { namesSet } from '../config/load.ts';
import { adapterProblems } from '../consumer/adapter-problems.ts';
import {
  type ConfiguredConsumer,
  type SettingInForce,
  readSettings,
} from '../consumer/read-settings.ts';
import { KnownError } from '../errors.ts';

/** Shows the settings in force, or all that is wrong with them (then it throws). */
export async function checkConfig(): Promise<number> {
  const configuration = await readSettings();
  const { consumers, inForce, warnings } = configuration;
  const problems = await adapterProblems(configuration);
  if (problems.length > 0) {
    throw new KnownError('bad_settings', `Invalid settings. ${problems.join(' ')}`, {
      details: { problems },
    });
  }
  const lines = [
    ...consumers.map(headline),
    ...settingLines(inForce),
    ...withoutEffect(),
    ...warnings.map((warning) => `# Warning: ${warning}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function headline({ workflow, queue }: ConfiguredConsumer): string {
  return `# ${workflow.name}, jobs of the queue "${queue}": ${workflow.summary}`;
}

/** A line for each variable, as a shell reads it, with where its value is from. */
function settingLines(settings: readonly SettingInForce[]): string[] {
  const texts = settings.map(({ name, value }) => `${name}=${quoted(value)}`);
  const width = Math.min(48, Math.max(...texts.map((text) => text.length)));
  return settings.map(
    ({ isSet }, at) => `${(texts[at] ?? '').padEnd(width)}  # ${isSet ? 'set' : 'default'}`,
  );
}

function quoted(value: string): string {
  return /^[\w@%+=:,./*-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Variables of the Python consumer that are set. */
function withoutEffect(): string[] {
  return namesSet().flatMap((name) =>
    Object.hasOwn(OBSOLETE_SETTINGS, name)
      ? [`# ${name} has no effect: ${OBSOLETE_SETTINGS[name] ?? ''}`]
      : [],
  );
}
