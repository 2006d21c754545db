import { CORE_SETTINGS, OBSOLETE_SETTINGS } from '../../config/core-settings.ts';
import { type Environment, type Loaded, namesSet } from '../../config/load.ts';
import { nearMisses } from '../../config/near-misses.ts';
import type { Setting } from '../../config/setting.ts';
import type { Workflow } from '../../flow/workflow.ts';

type Settings = Readonly<Record<string, Setting<unknown>>>;

interface Sources {
  readonly core: Loaded<typeof CORE_SETTINGS>;
  readonly workflows: readonly Workflow[];
  /** Those of the stages. */
  readonly stages: Settings;
  readonly environment: Environment | undefined;
}

/** What may be a mistake in settings that are allowed, one line each. */
export function settingsWarnings({ core, workflows, stages, environment }: Sources): string[] {
  const declared = [CORE_SETTINGS, stages, ...workflows.map(({ settings }) => settings)];
  const misses = nearMisses(namesSet(environment), namesOf(declared));
  return [
    ...misses.map(({ name, meant }) => `${name} is not read; did you mean ${meant}?`),
    ...missing(core),
    ...overruled(core),
    ...withoutTls(core),
  ];
}

function namesOf(declared: readonly Settings[]): string[] {
  const all = declared.flatMap((settings) => Object.values(settings));
  return [
    ...all.flatMap(({ name, aliases }) => [name, ...aliases]),
    ...Object.keys(OBSOLETE_SETTINGS),
  ];
}

/** Variables that CONSUMERS takes the place of. */
function overruled({ given, values }: Sources['core']): string[] {
  if (values.consumers.length === 0) return [];
  return ['CONSUMER_TYPE', 'QUEUE']
    .filter((name) => given.has(name))
    .map((name) => `${name} has no effect: CONSUMERS says what this process serves.`);
}

/** Files for TLS where it is not spoken. */
function withoutTls({ given, values }: Sources['core']): string[] {
  const remotes = [
    ['REDIS', values.redisTls],
    ['MODEL_SERVER', values.modelServerTls],
  ] as const;
  return remotes.flatMap(([remote, speaksTls]) =>
    ['CA_FILE', 'CERTIFICATE_FILE', 'KEY_FILE', 'TOKEN_FILE']
      .map((file) => `${remote}_${file}`)
      .filter((name) => !speaksTls && given.has(name))
      .map((name) => `${name} has no effect without ${remote}_TLS=true.`),
  );
}

/** Defaults that are those of the Python consumer, and hardly ever right. */
function missing({ given, values }: Sources['core']): string[] {
  const namesBucket =
    given.has('STORAGE_BUCKET') || (given.has('CLOUD_PROVIDER') && values.cloudProvider);
  return [
    ...(namesBucket ? [] : ['STORAGE_BUCKET is not set: s3://default-bucket is used.']),
    ...(given.has('REDIS_HOST') ? [] : [`REDIS_HOST is not set: ${values.redisHost} is used.`]),
  ];
}
