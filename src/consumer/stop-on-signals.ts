interface StopSignals {
  /** Called at the first SIGTERM or SIGINT, or at once if there has been one. */
  onStop(stop: () => void): void;
  /** Called at the second. */
  onStopNow(stop: () => void): void;
  /** Leaves signals to Node again. */
  release(): void;
}

/** Turns SIGTERM and SIGINT into calls: the first to stop, the second to stop now. `atOnce` is called with the first. */
export function stopOnSignals(atOnce: () => void): StopSignals {
  const stops: (() => void)[][] = [[atOnce], []];
  let received = 0;
  const receive = (): void => {
    const due = stops[received++] ?? [];
    for (const stop of due) stop();
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
  const add = (level: number) => (stop: () => void) => {
    if (received > level) stop();
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
