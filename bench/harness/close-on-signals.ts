/** Closes what a measurement has opened when it is broken off, so that no process is left behind; until the result is called. */
export function closeOnSignals(close: () => Promise<void>): () => void {
  const onSignal = (): void => void close().finally(() => process.exit(1));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
