import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import { pick } from './random.ts';

/** What goes wrong, by name. Each resolves when it has passed, or is under way. */
export const FAULTS = {
  'kill -9, same name': async ({ consumers }, random) => {
    const name = pick(consumers.names, random);
    await consumers.kill(name, name);
  },
  'kill -9, another name': async ({ consumers, nextName }, random) => {
    await consumers.kill(pick(consumers.names, random), nextName());
  },
  'Redis restart': ({ redis }, random) => redis.restart(200 + 1500 * random()),
  'Sentinel switch': ({ redis }) => redis.failOver(),
  'connections cut': async ({ redis }) => redis.cut(),
  'connections frozen': async ({ redis }) => redis.freeze(),
  'model outage': async ({ models }, random) => {
    models.stop();
    await sleep(1000 + 3000 * random());
    await models.start();
  },
} satisfies Record<string, (deployment: Deployment, random: () => number) => Promise<void>>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);
