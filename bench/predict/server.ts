import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';

/** How the server of a measurement behaves. */
export interface ServerPace {
  /** Time that a batch takes, whatever its rows. */
  readonly batchMs: number;
  /** Batches computed at a time. */
  readonly parallel: number;
  readonly maxBatchSize: number;
}

export interface ServerProcess {
  readonly port: number;
  /** From now on a batch takes so long. Resolves with the rows that were computed so far. */
  take(batchMs: number): Promise<number>;
  stop(): void;
}

/** A model that answers with its input, `[row, element]`. */
export const ECHO = { name: 'echo', version: 1 } as const;

const echo: ServedModel = {
  ...ECHO,
  inputs: [{ name: 'image', type: 'float32', shape: [-1, -1] }],
  outputs: [{ name: 'prediction', type: 'float32', shape: [-1, -1] }],
  predict: (inputs) => new Map([...inputs.values()].map((tensor) => ['prediction', tensor])),
};

/** Starts a model server in a process of its own, as in real life: it must not share our processor time. */
export async function startServerProcess(pace: ServerPace): Promise<ServerProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(pace)]);
  const [port] = await once(child, 'message');
  if (typeof port !== 'number') throw new Error(`the model server said ${port}`);
  const take = async (batchMs: number): Promise<number> => {
    child.send(batchMs);
    const [rows] = await once(child, 'message');
    return Number(rows);
  };
  return { port, take, stop: () => child.kill() };
}

async function serve({ batchMs, parallel, maxBatchSize }: ServerPace): Promise<void> {
  const server = await startModelServer({
    models: [echo],
    maxBatchSize,
    parallelBatches: parallel,
    queuedBatches: 4096,
  });
  if (batchMs > 0) server.script([{ type: 'slow', ms: batchMs }]);
  process.on('message', (ms: number) => {
    server.script([{ type: 'slow', ms }]);
    process.send?.(server.figures().rows);
  });
  process.send?.(server.port);
  process.on('disconnect', () => process.exit());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(JSON.parse(process.argv[2] ?? '') as ServerPace); // from startServerProcess
}
