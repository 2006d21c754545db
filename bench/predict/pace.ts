import { adapterSender, bareSender, drive, tensorOf } from './load.ts';
import { type Row, median, quartilesOf, show } from './row.ts';
import { type ServerPace, startServerProcess } from './server.ts';

const MAX_BATCH_SIZE = 32;
/** A tile of 16 × 16 pixels, 32 of which fit into the window that HTTP/2 starts with: the way is not to matter here. */
const TILE_BYTES = 16 * 16 * 4;
const ROUND_MS = 2000;
/** Batches that wait at the server so that it never waits for one. */
const SURPLUS = 2;

/** How full servers of a given pace are kept, by many callers with a tile each, and what one caller waits longer. */
export async function measurePace(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [batchMs, parallel] of [
    [20, 2],
    [100, 1],
    [100, 2],
    [100, 4],
    [300, 2],
  ] as const) {
    const pace = { batchMs, parallel, maxBatchSize: MAX_BATCH_SIZE };
    const callers = MAX_BATCH_SIZE * Math.max(2, parallel);
    rows.push(show(await measureFullness(pace, { callers, rounds })));
    rows.push(show(await measureFullness(pace, { callers: callers + MAX_BATCH_SIZE, rounds })));
    rows.push(show(await measureAddedTime(pace)));
  }
  return rows;
}

/**
 * Tiles a second, against what the server gets done when it never waits for work, and against a bare loop that has as
 * many tiles under way, always in full batches.
 */
async function measureFullness(
  pace: ServerPace,
  { callers, rounds }: { readonly callers: number; readonly rounds: number },
): Promise<Row> {
  const { parallel, batchMs } = pace;
  const batches = parallel * Math.max(10, Math.ceil(ROUND_MS / batchMs));
  const tiles = batches * MAX_BATCH_SIZE;
  const server = await startServerProcess(pace);
  const { port } = server;
  const maxRows = MAX_BATCH_SIZE;
  const adapter = adapterSender({ port, maxRows, tensor: tensorOf(1, TILE_BYTES) });
  const bare = bareSender({ port, maxRows, tensor: tensorOf(MAX_BATCH_SIZE, TILE_BYTES) });
  await drive(adapter, { callers, requests: tiles });
  const rates: number[] = [];
  const sharesOfLimit: number[] = [];
  const sharesOfPace: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const most = await drive(bare, { callers: parallel + SURPLUS, requests: batches });
    const limit = await drive(bare, { callers: callers / MAX_BATCH_SIZE, requests: batches });
    const { perSecond } = await drive(adapter, { callers, requests: tiles });
    rates.push(perSecond);
    sharesOfPace.push(perSecond / (most.perSecond * MAX_BATCH_SIZE));
    sharesOfLimit.push(perSecond / (limit.perSecond * MAX_BATCH_SIZE));
  }
  await adapter.close();
  await bare.close();
  server.stop();
  return {
    what: `${describe(pace)}, tiles`,
    callers,
    perSecond: median(rates),
    ofLimit: median(sharesOfLimit),
    quartiles: quartilesOf(sharesOfLimit),
    ofPace: median(sharesOfPace),
  };
}

/** What the adapter adds to the time of a single call. */
async function measureAddedTime(pace: ServerPace): Promise<Row> {
  const server = await startServerProcess(pace);
  const load = { port: server.port, tensor: tensorOf(1, TILE_BYTES), maxRows: MAX_BATCH_SIZE };
  const requests = Math.ceil(ROUND_MS / pace.batchMs);
  const medians: number[] = [];
  for (const sender of [bareSender(load), adapterSender(load)]) {
    await drive(sender, { callers: 1, requests: 2 });
    medians.push((await drive(sender, { callers: 1, requests })).medianMs);
    await sender.close();
  }
  server.stop();
  const [bareMs = 0, adapterMs = 0] = medians;
  return {
    what: `${describe(pace)}, one tile`,
    callers: 1,
    perSecond: 1000 / adapterMs,
    ofLimit: bareMs / adapterMs,
    addedMs: adapterMs - bareMs,
  };
}

function describe({ batchMs, parallel }: ServerPace): string {
  return `${batchMs} ms a batch, ${parallel} at a time`;
}
