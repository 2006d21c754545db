import type { ModelServerClient } from '../../adapters/model-server/model-server-client.ts';
import { CORE_SETTINGS } from '../../config/core-settings.ts';
import { loadSettings } from '../../config/load.ts';
import { classify } from '../../errors.ts';
import { readSeconds } from '../command-line/read-number.ts';
import {
  type Configuration,
  type CoreSettings,
  readSettings,
} from '../../consumer/settings/read-settings.ts';
import type { OpenedRedis } from '../../consumer/open/open-redis.ts';
import { bucketCheck } from './bucket-check.ts';
import { type Check, type Result, resultLines, runCheck } from './check.ts';
import { modelChecks, modelServerCheck } from './model-checks.ts';
import { permissionCheck } from './permission-check.ts';
import { reachCheck, redisChecks, roleCheck } from './redis-checks.ts';

/** Runs a check, shows what came out, and tells whether all was well. */
type Examine = (check: Check) => Promise<boolean>;

/** Tries everything that a consumer with these settings needs. The exit code is 1 if something is wrong. */
export async function doctor({ timeout }: { readonly timeout: string }): Promise<number> {
  const timeoutMs = readSeconds('--timeout', timeout);
  let wrong = 0;
  const show = (result: Result): void => {
    if (!result.ok) wrong += 1;
    process.stdout.write(resultLines(result));
  };
  const examine: Examine = async (check) => {
    const result = await runCheck(check, timeoutMs);
    show(result);
    return result.ok;
  };
  const configuration = await examineSettings(show);
  // Wrong settings have their defaults here, so that the rest can be looked at all the same.
  const core = configuration?.core ?? loadSettings(CORE_SETTINGS).values;
  const queues = configuration?.consumers.map(({ base }) => base) ?? [core.queue.toLowerCase()];
  await examineRedis(core, queues, examine);
  await examine(bucketCheck(core));
  if (configuration !== undefined) await examineModels(configuration, examine);
  process.stdout.write(wrong === 0 ? '\nAll is well.\n' : `\n${wrong} wrong.\n`);
  return wrong === 0 ? 0 : 1;
}

async function examineSettings(show: (result: Result) => void): Promise<Configuration | undefined> {
  const name = 'Settings';
  try {
    const configuration = await readSettings();
    const text = configuration.consumers
      .map(({ workflow, base }) => `workflow ${workflow.name}, queue ${base}`)
      .join('; ');
    show({ name, ok: true, text, remedy: '' });
    return configuration;
  } catch (thrown) {
    const { message, details } = classify(thrown);
    const problems = Array.isArray(details['problems'])
      ? details['problems'].map(String)
      : [message];
    const remedy = 'Correct the variable; `check-config` shows the settings in force.';
    for (const text of problems) show({ name, ok: false, text, remedy });
    return undefined;
  }
}

async function examineRedis(
  core: CoreSettings,
  queues: readonly string[],
  examine: Examine,
): Promise<void> {
  let opened: OpenedRedis | undefined;
  try {
    const reached = await examine(reachCheck(core, (connection) => (opened = connection)));
    if (!reached || opened === undefined) return;
    const { redis } = opened.link;
    const isMaster = await examine(roleCheck(redis));
    for (const check of redisChecks(redis)) await examine(check);
    // A replica refuses half of the commands, whatever the user may do.
    for (const queue of isMaster ? queues : []) await examine(permissionCheck(opened, queue));
  } finally {
    opened?.link.close();
  }
}

async function examineModels({ core, consumers }: Configuration, examine: Examine): Promise<void> {
  let server: ModelServerClient | undefined;
  try {
    const isReached = await examine(modelServerCheck(core, (opened) => (server = opened)));
    if (!isReached || server === undefined) return;
    for (const workflow of new Set(consumers.map((one) => one.workflow))) {
      for (const check of modelChecks(server, workflow)) await examine(check);
    }
  } finally {
    await server?.close();
  }
}
