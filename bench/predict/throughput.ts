import { type Measured, type Sender, adapterSender, bareSender, drive, tensorOf } from './load.ts';
import { type Row, median, quartilesOf, show } from './row.ts';
import { startServerProcess } from './server.ts';

const MIB = 2 ** 20;
/** Bytes that a measurement sends each way, so that it takes about half a second. */
const BYTES = 128 * MIB;
/** Requests that warm up the code on both sides. */
const WARM_UP = 400;

interface Effort {
  readonly callers: number;
  readonly requests: number;
}

/** Both under the same conditions, one right after the other. */
interface Pair {
  readonly adapter: Measured;
  readonly bare: Measured;
}

/** Requests of 0.25 to 16 MiB by 1 to 64 callers, to a server that takes no time. */
export async function measureThroughput(rounds: number): Promise<Row[]> {
  const server = await startServerProcess({ batchMs: 0, parallel: 64, maxBatchSize: 1e6 });
  const rows: Row[] = [];
  for (const mebibytes of [0.25, 1, 4, 16]) {
    const bytes = mebibytes * MIB;
    const load = { port: server.port, tensor: tensorOf(1, bytes), maxRows: 1e6 };
    const adapter = adapterSender(load);
    const bare = bareSender(load);
    for (const callers of [1, 4, 16, 64]) {
      const effort = { callers, requests: Math.max(2 * callers, BYTES / bytes) };
      const pairs = await measurePairs(adapter, bare, effort, rounds);
      rows.push(show(rowOf({ what: `requests of ${mebibytes} MiB`, callers }, pairs)));
    }
    await adapter.close();
    await bare.close();
  }
  server.stop();
  return rows;
}

/** Rounds of both, each first in every other round: others use this machine, too, and its speed drifts. */
async function measurePairs(
  adapter: Sender,
  bare: Sender,
  effort: Effort,
  rounds: number,
): Promise<Pair[]> {
  const requests = Math.max(effort.requests, Math.min(WARM_UP, 4 * effort.requests));
  for (const sender of [bare, adapter]) await drive(sender, { ...effort, requests });
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push(
      round % 2 === 0
        ? { bare: await drive(bare, effort), adapter: await drive(adapter, effort) }
        : { adapter: await drive(adapter, effort), bare: await drive(bare, effort) },
    );
  }
  return pairs;
}

function rowOf(what: Pick<Row, 'what' | 'callers'>, pairs: readonly Pair[]): Row {
  const shares = pairs.map(({ adapter, bare }) => adapter.perSecond / bare.perSecond);
  return {
    ...what,
    perSecond: median(pairs.map(({ adapter }) => adapter.perSecond)),
    ofLimit: median(shares),
    quartiles: quartilesOf(shares),
    ownCpu: median(pairs.map(({ adapter, bare }) => 1 - bare.cpuMs / adapter.cpuMs)),
    addedMs: median(pairs.map(({ adapter, bare }) => adapter.medianMs - bare.medianMs)),
  };
}
