import type { DeadLetter, DeadLetters, JobFields } from '../../ports.ts';
import type { Answering } from './answering.ts';

export class InMemoryLetters implements DeadLetters {
  readonly #server: Answering;

  constructor(server: Answering) {
    this.#server = server;
  }

  async list(queue: string): Promise<readonly DeadLetter[]> {
    const { state, ask } = this.#server;
    return ask(() =>
      [...state.lettersOf(queue)].map(([key, { buriedAt, reason }]) => ({ key, buriedAt, reason })),
    );
  }

  async queues(): Promise<readonly string[]> {
    const { state, ask } = this.#server;
    return ask(() => state.queuesWithLetters());
  }

  async read(queue: string, key: string): Promise<JobFields | undefined> {
    const { state, ask } = this.#server;
    return ask(() => state.lettersOf(queue).get(key)?.fields);
  }

  async redrive(queue: string, key: string): Promise<boolean> {
    const { state, ask } = this.#server;
    return ask(() => {
      const letter = state.lettersOf(queue).get(key);
      if (letter === undefined) return false;
      state.lettersOf(queue).delete(key);
      const hash = state.hash(key) ?? state.write(key, letter.fields);
      if (hash.get('status') !== 'failed') return false;
      const old = ['reason', 'error_code', 'finished_at', 'claim_owner', 'updated_by'];
      for (const field of old) hash.delete(field);
      state.write(key, { status: 'new', attempts: '0', updated_at: state.timestamp() });
      state.pushLeft(queue, key);
      return true;
    });
  }

  async drop(queue: string, key: string): Promise<boolean> {
    const { state, ask } = this.#server;
    return ask(() => state.lettersOf(queue).delete(key));
  }
}
