import { abortable } from '../abort.ts';

/**
 * Lets most jobs run beside each other, and a few with nothing else beside them: those that may have crashed
 * a worker, so that the next crash tells which one it was. A job that wants to be alone waits for the others
 * to end and keeps new ones out.
 */
export class Solo {
  #running = 0;
  /** The end of the last job that is, or wants to be, alone. */
  #alone: Promise<void> = Promise.resolve();
  #onIdle: (() => void) | undefined;

  /** Waits while a job is alone. Call the result once when the job has ended. */
  async enter(signal: AbortSignal): Promise<() => void> {
    let before: Promise<void>;
    do {
      before = this.#alone;
      await abortable(signal, before);
    } while (before !== this.#alone);
    this.#running++;
    return once(() => {
      if (--this.#running === 0) this.#onIdle?.();
    });
  }

  /** Waits until nothing else runs. Call the result once when the job has ended. */
  async enterAlone(signal: AbortSignal): Promise<() => void> {
    const before = this.#alone;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone = before.then(() => promise);
    try {
      await abortable(signal, before);
      await abortable(signal, this.#idle());
      return once(resolve);
    } catch (error) {
      resolve();
      throw error;
    }
  }

  #idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onIdle = resolve));
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
