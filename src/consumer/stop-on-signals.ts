/** The signals that ask a process to end. */
export type StopSignal = 'SIGTERM' | 'SIGINT';

type Stop = (signal: StopSignal) => void;

interface StopSignals {
  /** Called at the first SIGTERM or SIGINT, or at once if there has been one. */
  onStop(stop: Stop): void;
  /** Called at the second. */
  onStopNow(stop: Stop): void;
  /** Leaves signals to Node again. */
  release(): void;
}

/**
 * Turns SIGTERM and SIGINT into calls: the first to stop, the second to stop now. `atOnce` is called with the
 * first.
 */
export function stopOnSignals(atOnce: Stop): StopSignals {
  const stops: Stop[][] = [[atOnce], []];
  const received: StopSignal[] = [];
  const receive = (signal: StopSignal): void => {
    const due = stops[received.length] ?? [];
    received.push(signal);
    for (const stop of due) stop(signal);
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
  const add = (level: number) => (stop: Stop) => {
    const signal = received[level];
    if (signal !== undefined) stop(signal);
    else stops[level]?.push(stop);
  };
  return {
    onStop: add(0),
    onStopNow: add(1),
    release() {
      process.off('SIGTERM', receive);
      process.off('SIGINT', receive);
    },
  };
}
