/*
 * One job made of jobs after the other, and in each one pod ends at a random moment. The job must end with the same bytes as
 * without, and nothing may be left: no key, no entry of a list, no object.
 *
 *   npm run chaos -- --parents zip|movie|polaris [--kills 30] [--signal SIGKILL|SIGTERM] [--seed 1] [--lost 0.3]
 *
 * `--lost` is the share of kills after which the host never comes back; its jobs are taken over when its lease has run out.
 */
import { parseArgs } from 'node:util';
import { KINDS, kindNamed } from './kinds.ts';
import { type Trial, calmRun, runTrial } from './kills.ts';
import { Range } from './range.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

const { values } = parseArgs({
  options: {
    parents: { type: 'string', default: 'zip' },
    kills: { type: 'string', default: '30' },
    signal: { type: 'string', default: 'SIGKILL' },
    seed: { type: 'string', default: '1' },
    lost: { type: 'string', default: '0.3' },
  },
});
const signal = values.signal === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL';
const random = seededRandom(Number(values.seed));
const range = await Range.open(KINDS[kindNamed(values.parents)]());
const trials: Trial[] = [];
try {
  // The second time everything has been loaded.
  await calmRun(range);
  const calm = await calmRun(range);
  say(`undisturbed: ${calm.ms} ms`);
  for (let n = 1; n <= Number(values.kills); n++) {
    const trial = await runTrial(range, { signal, random, calm, lost: Number(values.lost) });
    trials.push(trial);
    say(`${n}: ${wordsOf(trial)}`);
    if (trial.wrong.length > 0) say(range.pods.log);
  }
} finally {
  await range.close();
}
const wrong = trials.filter((trial) => trial.wrong.length > 0);
say(`${values.parents}, ${signal}: ${trials.length} kills, ${wrong.length} wrong`);
process.exit(wrong.length === 0 ? 0 : 1);

function wordsOf({ kill, verdict, wrong: wrongs }: Trial): string {
  const { victim, afterMs, comesBack } = kill;
  const back = comesBack ? 'comes back' : 'never comes back';
  const end = wrongs.length === 0 ? `right after ${verdict.ms} ms` : wrongs.join('; ');
  return `${kill.signal} of ${victim} after ${afterMs} ms, ${back}: ${end}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
