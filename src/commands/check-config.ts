import { CORE_SETTINGS, OBSOLETE_SETTINGS } from '../config/core-settings.ts';
import { loadSettings, namesSet } from '../config/load.ts';
import { adapterProblems } from '../consumer/adapter-problems.ts';
import {
  type Configuration,
  type ConfiguredConsumer,
  type SettingInForce,
  readSettings,
} from '../consumer/settings/read-settings.ts';
import { KnownError, classify } from '../errors.ts';

/** Shows the settings in force, or all that is wrong with them (then it throws). */
export async function checkConfig(): Promise<number> {
  const { consumers, inForce, warnings } = await checkedSettings();
  const lines = [
    ...consumers.map(headline),
    ...settingLines(inForce),
    ...withoutEffect(),
    ...warnings.map((warning) => `# Warning: ${warning}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** The settings; `bad_settings` with all that a consumer would refuse of them, one thing after the other. */
async function checkedSettings(): Promise<Configuration> {
  const misread: string[] = [];
  const read = await readSettings().catch((error: unknown) => {
    misread.push(...problemsOf(error));
    return undefined;
  });
  // Wrong settings have their defaults here, so that the rest can be looked at all the same.
  const core = { core: loadSettings(CORE_SETTINGS).values, consumers: [] };
  const problems = [...misread, ...(await adapterProblems(read ?? core))];
  if (read !== undefined && problems.length === 0) return read;
  throw new KnownError('bad_settings', `Invalid settings. ${problems.join(' ')}`, {
    details: { problems },
  });
}

function problemsOf(error: unknown): string[] {
  const { code, message, details } = classify(error);
  if (code !== 'bad_settings') throw error;
  return Array.isArray(details['problems']) ? details['problems'].map(String) : [message];
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
