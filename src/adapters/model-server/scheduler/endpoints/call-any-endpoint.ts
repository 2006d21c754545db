import { type KnownError, classify } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import type { Endpoint } from '../../endpoint.ts';
import { backoffMs } from '../failures/backoff.ts';
import type { Lane } from './endpoint-state.ts';
import type { Lanes } from './endpoint-pool.ts';

interface Question<Answer> {
  readonly ask: (endpoint: Endpoint) => Promise<Answer>;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly random: () => number;
  /** Longest pause before the question is repeated. */
  readonly longestMs: number;
  readonly signal: AbortSignal;
}

/** Asks a small question of one server after the other until one answers it; waits while none does. */
export async function askAnyServer<Answer>(question: Question<Answer>): Promise<Answer> {
  const { lanes, clock, random, longestMs, signal, ask } = question;
  let avoid: Lane | undefined;
  for (let round = 0; ; round++) {
    signal.throwIfAborted();
    const lane = lanes.any(avoid);
    if (lane !== undefined) {
      try {
        const answer = await ask(lane.endpoint);
        lane.health.answered();
        return answer;
      } catch (thrown) {
        noteFailure(classify(thrown), { lane, lanes, signal });
      }
    }
    const elsewhere = lane !== undefined && lane !== avoid && lanes.othersUp(lane) > 0;
    avoid = lane;
    if (!elsewhere) await clock.sleep(backoffMs(round, { longestMs, random }), signal);
  }
}

interface Place {
  readonly lane: Lane;
  readonly lanes: Lanes;
  readonly signal: AbortSignal;
}

/** Throws unless the question may be repeated. */
function noteFailure(error: KnownError, { lane, lanes, signal }: Place): void {
  signal.throwIfAborted();
  if (error.kind === 'unavailable') return lanes.failed(lane, error.message);
  lane.health.answered();
  throw error;
}
