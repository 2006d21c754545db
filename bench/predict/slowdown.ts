import { setTimeout as sleep } from 'node:timers/promises';
import { type Sender, adapterSender, tensorOf } from './load.ts';
import { type Row, show } from './row.ts';
import { startServerProcess } from './server.ts';

const PACE = { batchMs: 20, parallel: 2, maxBatchSize: 32 };
const SLOWER = 10;
const CALLERS = 96;
const WARM_UP_MS = 10_000;
const RECOVERY_MS = 60_000;
const WINDOW_MS = 1000;
const TILE_BYTES = 32 * 32 * 4;

/** Callers that ask without end, and count their answers. */
class Load {
  answered = 0;
  #going = true;
  readonly #callers: Promise<void>[];

  constructor(sender: Sender) {
    this.#callers = Array.from({ length: CALLERS }, async (_, caller) => {
      while (this.#going) {
        await sender.send(caller);
        this.answered++;
      }
    });
  }

  /** Answers a second over a while from now on. */
  async rate(ms: number): Promise<number> {
    const [before, start] = [this.answered, performance.now()];
    await sleep(ms);
    return ((this.answered - before) * 1000) / (performance.now() - start);
  }

  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#callers);
  }
}

/**
 * A server that becomes ten times slower for a while: which share of the rows was sent more than once, and how long it
 * takes until nine tenths of the old rate are back.
 */
export async function measureSlowdown(seconds: number): Promise<Row[]> {
  const server = await startServerProcess(PACE);
  const { port } = server;
  const tensor = tensorOf(1, TILE_BYTES);
  const sender = adapterSender({ port, maxRows: PACE.maxBatchSize, tensor });
  const load = new Load(sender);
  await load.rate(WARM_UP_MS / 2);
  const usual = await load.rate(WARM_UP_MS / 2);
  await server.take(PACE.batchMs * SLOWER);
  const slow = await load.rate(seconds * 1000);
  await server.take(PACE.batchMs);
  let recoveryMs = 0;
  while ((await load.rate(WINDOW_MS)) < 0.9 * usual && recoveryMs < RECOVERY_MS) {
    recoveryMs += WINDOW_MS;
  }
  await load.stop();
  const sent = await server.take(PACE.batchMs);
  await sender.close();
  server.stop();
  const repeated = (100 * (sent - load.answered)) / load.answered;
  console.log(
    `rows sent more than once: ${repeated.toFixed(2)} %; nine tenths of the rate back within ${recoveryMs / 1000 + 1} s`,
  );
  return [
    show({ what: 'usual pace', callers: CALLERS, perSecond: usual }),
    show({
      what: 'ten times slower',
      callers: CALLERS,
      perSecond: slow,
      ofPace: (slow * SLOWER) / usual,
    }),
  ];
}
