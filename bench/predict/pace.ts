import { adapterSender, bareSender, drive, tensorOf } from './load.ts';
import { type Row, show } from './row.ts';
import { type ServerPace, startServerProcess } from './server.ts';

const MAX_BATCH_SIZE = 32;
/** A tile of 64 × 64 pixels. */
const TILE_BYTES = 64 * 64 * 4;
/** Time that is measured, after as long a warm-up. */
const MEASURED_MS = 4000;

/** How full servers of a given pace are kept, by many callers with a tile each, and what one caller waits longer. */
export async function measurePace(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [batchMs, parallel] of [
    [20, 2],
    [100, 1],
    [100, 2],
    [100, 4],
    [300, 2],
  ] as const) {
    const pace = { batchMs, parallel, maxBatchSize: MAX_BATCH_SIZE };
    rows.push(show(await measureFullness(pace)));
    rows.push(show(await measureAddedTime(pace)));
  }
  return rows;
}

/** Twice as many callers as the server can work on, but 64 at least. */
async function measureFullness(pace: ServerPace): Promise<Row> {
  const callers = Math.max(64, 2 * MAX_BATCH_SIZE * (pace.parallel - 1));
  const most = (Math.min(callers, pace.parallel * MAX_BATCH_SIZE) * 1000) / pace.batchMs;
  const server = await startServerProcess(pace);
  const load = { port: server.port, tensor: tensorOf(1, TILE_BYTES), maxRows: MAX_BATCH_SIZE };
  const sender = adapterSender(load);
  const requests = Math.ceil((most * MEASURED_MS) / 1000);
  await drive(sender, { callers, requests });
  const { perSecond } = await drive(sender, { callers, requests });
  await sender.close();
  server.stop();
  return { what: `${describe(pace)}, tiles`, callers, perSecond, ofLimit: perSecond / most };
}

async function measureAddedTime(pace: ServerPace): Promise<Row> {
  const server = await startServerProcess(pace);
  const load = { port: server.port, tensor: tensorOf(1, TILE_BYTES), maxRows: MAX_BATCH_SIZE };
  const requests = Math.ceil(MEASURED_MS / 2 / pace.batchMs);
  const [bare, adapter] = [bareSender(load), adapterSender(load)];
  const medians: number[] = [];
  let perSecond = 0;
  for (const sender of [bare, adapter]) {
    await drive(sender, { callers: 1, requests: 2 });
    const measured = await drive(sender, { callers: 1, requests });
    medians.push(measured.medianMs);
    perSecond = measured.perSecond;
    await sender.close();
  }
  server.stop();
  const [bareMs = 0, adapterMs = 0] = medians;
  return {
    what: `${describe(pace)}, one tile`,
    callers: 1,
    perSecond,
    ofLimit: bareMs / adapterMs,
    addedMs: adapterMs - bareMs,
  };
}

function describe({ batchMs, parallel }: ServerPace): string {
  return `${batchMs} ms a batch, ${parallel} at a time`;
}
