import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { specimenModels } from './specimen-models.ts';

export interface ModelServerProcess {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts the specimen models in a process of their own. Every call takes `latencyMs`, however many are in flight. */
export async function startModelServerProcess(latencyMs = 0): Promise<ModelServerProcess> {
  const child = fork(fileURLToPath(import.meta.url), [String(latencyMs)]);
  const [port] = await once(child, 'message');
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function serve(latencyMs: number): Promise<void> {
  const server = await startModelServer({
    models: specimenModels(),
    maxBatchSize: 4096,
    parallelBatches: 4096,
    queuedBatches: 4096,
  });
  if (latencyMs > 0) server.script([{ type: 'slow', ms: latencyMs }]);
  process.on('disconnect', () => process.exit());
  process.send?.(server.port);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(Number(process.argv[2]));
