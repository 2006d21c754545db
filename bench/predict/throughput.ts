import { type Measured, type Sender, adapterSender, bareSender, drive, tensorOf } from './load.ts';
import { type Row, show } from './row.ts';
import { startServerProcess } from './server.ts';

const MIB = 2 ** 20;

interface Effort {
  readonly callers: number;
  readonly requests: number;
  readonly rounds: number;
}

interface Comparison {
  readonly adapter: Measured;
  readonly bare: Measured;
}

/** Requests of 0.25 to 16 MiB by 1 to 64 callers, to a server that takes no time. */
export async function measureThroughput(rounds: number): Promise<Row[]> {
  const server = await startServerProcess({ batchMs: 0, parallel: 64, maxBatchSize: 1e6 });
  const rows: Row[] = [];
  for (const mebibytes of [0.25, 1, 4, 16]) {
    const load = { port: server.port, tensor: tensorOf(1, mebibytes * MIB), maxRows: 1e6 };
    const adapter = adapterSender(load);
    const bare = bareSender(load);
    for (const callers of [1, 4, 16, 64]) {
      const requests = Math.max(2 * callers, 128 / mebibytes);
      const compared = await compare(adapter, bare, { callers, requests, rounds });
      rows.push(show(rowOf({ what: `requests of ${mebibytes} MiB`, callers }, compared)));
    }
    await adapter.close();
    await bare.close();
  }
  server.stop();
  return rows;
}

/** The best of some rounds of each, in turn: others use this machine, too. */
async function compare(adapter: Sender, bare: Sender, effort: Effort): Promise<Comparison> {
  const { callers, requests, rounds } = effort;
  await drive(adapter, { callers, requests: 2 * callers });
  await drive(bare, { callers, requests: 2 * callers });
  const measured: Comparison[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push({
      bare: await drive(bare, { callers, requests }),
      adapter: await drive(adapter, { callers, requests }),
    });
  }
  return {
    bare: bestOf(measured.map((round) => round.bare)),
    adapter: bestOf(measured.map((round) => round.adapter)),
  };
}

function bestOf(measured: readonly Measured[]): Measured {
  return {
    perSecond: Math.max(...measured.map(({ perSecond }) => perSecond)),
    cpuMs: Math.min(...measured.map(({ cpuMs }) => cpuMs)),
    medianMs: Math.min(...measured.map(({ medianMs }) => medianMs)),
  };
}

function rowOf(what: Pick<Row, 'what' | 'callers'>, { adapter, bare }: Comparison): Row {
  return {
    ...what,
    perSecond: adapter.perSecond,
    ofLimit: adapter.perSecond / bare.perSecond,
    ownCpu: 1 - bare.cpuMs / adapter.cpuMs,
    addedMs: adapter.medianMs - bare.medianMs,
  };
}
