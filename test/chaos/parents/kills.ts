import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from '../random.ts';
import type { Range, Verdict } from './range.ts';

export interface Kill {
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly victim: string;
  /** Milliseconds after the job was submitted. */
  readonly afterMs: number;
  /** Whether a pod of the same host takes its place, or one of another. */
  readonly comesBack: boolean;
}

export interface Trial {
  readonly kill: Kill;
  readonly verdict: Verdict;
  readonly exitCode: number | null;
  /** What is wrong, if anything. */
  readonly wrong: readonly string[];
}

interface Plan {
  readonly signal: Kill['signal'];
  readonly random: () => number;
  /** How long the job takes when it is left alone, and its result. */
  readonly calm: Verdict;
  /** The share of the kills after which the host never comes back. */
  readonly lost: number;
}

/** Runs a job and ends one of the pods at a random moment of it. */
export async function runTrial(range: Range, plan: Plan): Promise<Trial> {
  const { signal, random, calm, lost } = plan;
  const kill: Kill = {
    signal,
    victim: pick(range.pods.names, random),
    afterMs: Math.round(random() * calm.ms),
    comesBack: random() >= lost,
  };
  let exitCode: number | null = null;
  const verdict = await range.run(async () => {
    await sleep(kill.afterMs);
    exitCode = await range.pods.replace(kill.victim, signal, kill.comesBack);
  });
  return { kill, verdict, exitCode, wrong: wrongsOf({ kill, verdict, exitCode, calm }) };
}

function wrongsOf({
  kill,
  verdict,
  exitCode,
  calm,
}: Omit<Trial, 'wrong'> & { readonly calm: Verdict }): string[] {
  const wrong: string[] = [];
  if (verdict.status !== 'done') wrong.push(`is ${verdict.status}: ${verdict.result}`);
  else if (verdict.result !== calm.result) wrong.push('has another result');
  if (verdict.left.length > 0) wrong.push(`left ${verdict.left.join(', ')}`);
  if (kill.signal === 'SIGTERM' && exitCode !== 0) wrong.push(`the pod ended with ${exitCode}`);
  return wrong;
}

/** The job without a kill. */
export async function calmRun(range: Range): Promise<Verdict> {
  const calm = await range.run();
  if (calm.status === 'done' && calm.left.length === 0) return calm;
  throw new Error(`The undisturbed job went wrong: ${JSON.stringify(calm)}\n${range.pods.log}`);
}
