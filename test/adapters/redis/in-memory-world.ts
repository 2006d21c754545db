import { FakeClock } from '../../fakes/fake-clock.ts';
import { InMemoryJobs } from '../../../src/testing/in-memory-jobs.ts';
import type { JobWorld } from './contract/world.ts';

/** The jobs in memory that tests of the worker use. */
export async function openInMemoryWorld(): Promise<JobWorld> {
  const clock = new FakeClock();
  const server = new InMemoryJobs(clock);
  const { state, letters } = server;
  return {
    consumer: (options) => server.consumer(options),
    letters,
    fields: async (key) => server.fields(key),
    write: async (key, fields) => void state.write(key, fields),
    remove: async (key) => state.remove(key),
    writeText: async (key) => void state.texts.set(key, 'text'),
    expiry: async (key) => state.expiries.get(key),
    entries: async (list) => [...state.entries(list)],
    pushLeft: async (list, key) => state.pushLeft(list, key),
    take: async (list, key) => state.take(list, key),
    move: async (from, to) => state.move(from, to),
    pass: (ms) => clock.advance(ms),
    wait: (ms) => clock.advance(ms),
    untilSomebodySleeps: async () => {
      while (clock.sleepers === 0) await clock.advance(0);
    },
    replica: async () => {
      const saved = state.save();
      return async () => state.restore(saved);
    },
    close: async () => {},
  };
}
