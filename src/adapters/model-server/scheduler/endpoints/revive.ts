import type { Clock } from '../../../../ports.ts';
import { pause } from '../wake-up-timer.ts';
import type { Health } from './health.ts';

interface Revival {
  readonly health: Health;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** True if it answered. */
  readonly probe: () => Promise<boolean>;
  /** True once nobody is interested any more. */
  readonly isGone: () => boolean;
  /** Called whenever the state of the health has changed. */
  readonly onChange: () => void;
}

/** Probes what is down until it answers, with growing pauses. False if it is gone before. */
export async function revive(revival: Revival): Promise<boolean> {
  const { health, clock, signal, probe, isGone, onChange } = revival;
  while (health.state === 'down') {
    onChange();
    const restMs = health.probeAt - clock.monotonic();
    if (restMs > 0 && !(await pause(clock, restMs, signal))) return false;
    if (isGone()) return false;
    health.probing();
    onChange();
    if (await probe()) health.probeAnswered();
    else health.probeFailed(clock.monotonic());
    if (isGone()) return false;
  }
  return true;
}
