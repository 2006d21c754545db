import type { Endpoint } from '../../../../src/adapters/model-server/endpoint.ts';
import type { PredictFact } from '../../../../src/facts/predict.ts';
import { Scheduler } from '../../../../src/adapters/model-server/scheduler/scheduler.ts';
import {
  DEFAULT_SCHEDULER_SETTINGS,
  type SchedulerSettings,
} from '../../../../src/adapters/model-server/scheduler/settings.ts';
import { classify } from '../../../../src/errors.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { sampleForm, sampleRequest } from './sample-requests.ts';
import { ScriptedEndpoints } from './scripted-endpoint.ts';

interface Setup {
  readonly clock?: FakeClock;
  readonly servers: readonly Endpoint[];
  readonly settings?: Partial<SchedulerSettings>;
}

/** A scheduler over scripted servers on a clock of its own, with what it told. */
export function setUpScheduler({ clock = new FakeClock(), servers, settings }: Setup) {
  const endpoints = new ScriptedEndpoints(...servers);
  const facts: PredictFact[] = [];
  const scheduler = new Scheduler({
    endpoints,
    clock,
    random: () => 0,
    emit: (fact) => facts.push(fact),
    settings: { ...DEFAULT_SCHEDULER_SETTINGS, ...settings },
  });
  return { clock, endpoints, facts, scheduler };
}

type Ask = Parameters<typeof sampleRequest>[0] & { readonly rowsAtMost?: number };

/** The output of a request, or the code of its error. */
export async function ask(
  scheduler: Scheduler,
  { rowsAtMost = 32, ...sample }: Ask,
): Promise<number[] | string> {
  try {
    const { outputs } = await scheduler.submit(sampleRequest(sample), sampleForm(rowsAtMost));
    return [...(outputs.get('double')?.data ?? [])];
  } catch (error) {
    return classify(error).code;
  }
}

interface Crowd {
  readonly scheduler: Scheduler;
  readonly clock: FakeClock;
  readonly callers: number;
  readonly untilMs: number;
  /** Where to note the times of results. */
  readonly answeredAt: number[];
}

/** So many callers, each with one row at a time, until the clock reaches `untilMs`. */
export function keepAsking({ scheduler, clock, callers, untilMs, answeredAt }: Crowd): void {
  const caller = async (job: string): Promise<void> => {
    while (clock.monotonic() < untilMs) {
      await scheduler.submit(sampleRequest({ job, rows: 1 }), sampleForm());
      answeredAt.push(clock.monotonic());
    }
  };
  for (let index = 0; index < callers; index++) void caller(`${answeredAt.length} ${index}`);
}

export function between(times: readonly number[], from: number, to: number): number {
  return times.filter((time) => time >= from && time < to).length;
}
