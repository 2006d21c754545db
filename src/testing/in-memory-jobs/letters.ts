import type { DeadLetter, DeadLetters, JobFields, Redriven } from '../../ports.ts';
import type { Answering } from './answering.ts';
import { forgetRun } from './runs.ts';

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

  async redrive(queue: string, key: string): Promise<Redriven> {
    const { state, ask } = this.#server;
    return ask(() => {
      const letter = state.lettersOf(queue).get(key);
      if (letter === undefined) return 'gone';
      if (letter.fields['parent'] !== undefined) return 'part';
      state.lettersOf(queue).delete(key);
      const hash = state.hash(key) ?? state.write(key, letter.fields);
      if (hash.get('status') !== 'failed') return 'started';
      forgetRun(hash);
      for (const field of ['claim_owner', 'updated_by']) hash.delete(field);
      state.write(key, { status: 'new', attempts: '0', updated_at: state.timestamp() });
      state.pushLeft(queue, key);
      return 'redriven';
    });
  }

  async drop(queue: string, key: string): Promise<boolean> {
    const { state, ask } = this.#server;
    return ask(() => state.lettersOf(queue).delete(key));
  }
}
