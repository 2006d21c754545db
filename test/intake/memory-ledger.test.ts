import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { MemoryLedger } from '../../src/intake/memory-ledger.ts';
import { hasSettled } from '../harness/promise-state.ts';

const never = new AbortController().signal;

describe('a memory ledger', () => {
  it('lets a job wait until what it needs was given back', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const oldest = ledger.open();
    const younger = ledger.open();
    await oldest.reserve(60, never);
    const waiting = younger.reserve(50, never);
    assert.equal(await hasSettled(waiting), false);
    oldest.holds(50);
    await waiting;
    assert.equal(ledger.bytes, 100);
  });

  it('asks for room before the oldest job goes beyond what all may reserve, for what is new', async () => {
    const asked: number[] = [];
    const ledger = new MemoryLedger({
      bytes: 100,
      most: 300,
      makeRoom: (bytes) => asked.push(bytes),
    });
    const oldest = ledger.open();
    await oldest.reserve(90, never);
    assert.deepEqual(asked, []);
    await oldest.reserve(60, never);
    oldest.holds(120);
    assert.equal(oldest.tryReserve(100), true);
    oldest.holds(50);
    assert.deepEqual(asked, [60, 100]);
  });

  it('lets the oldest job have most of all there is as soon as no other holds any', async () => {
    const ledger = new MemoryLedger({ bytes: 100, together: 200, most: 300 });
    const [oldest, younger] = [ledger.open(), ledger.open()];
    await oldest.reserve(100, never);
    await younger.reserve(0, never);
    assert.equal(oldest.tryReserve(200), true);
    oldest.holds(40);
    await younger.reserve(30, never);
    assert.equal(oldest.tryReserve(140), false);
    const waiting = oldest.reserve(140, never);
    assert.equal(await hasSettled(waiting), false);
    younger.close();
    await waiting;
    assert.equal(ledger.bytes, 180);
    await assert.rejects(oldest.reserve(121, never), { code: 'out_of_memory' });
  });

  it('lets a small job pass one that waits', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    await ledger.open().reserve(60, never);
    const large = ledger.open().reserve(80, never);
    await ledger.open().reserve(10, never);
    assert.equal(await hasSettled(large), false);
  });

  it('gives memory to the job that was claimed first, whoever asked first', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const [first, second, third] = [ledger.open(), ledger.open(), ledger.open()];
    await first.reserve(100, never);
    const young = third.reserve(60, never);
    const old = second.reserve(60, never);
    first.holds(40);
    await old;
    assert.equal(await hasSettled(young), false);
  });

  it('never lets the oldest job wait within what there is', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 1000 });
    const oldest = ledger.open();
    await ledger.open().reserve(90, never);
    await oldest.reserve(500, never);
    assert.equal(ledger.bytes, 590);
  });

  it('lets the oldest job wait for memory that does not exist, while others can give some back', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 120 });
    const oldest = ledger.open();
    const younger = ledger.open();
    await younger.reserve(60, never);
    const growth = oldest.reserve(80, never);
    assert.equal(await hasSettled(growth), false);
    younger.holds(40);
    await growth;
  });

  it('sends back the youngest when all that hold memory wait: nobody would ever give anything back', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 120 });
    const [oldest, second, youngest] = [ledger.open(), ledger.open(), ledger.open()];
    await second.reserve(30, never);
    await youngest.reserve(30, never);
    const growth = oldest.reserve(80, never);
    const blocked = youngest.reserve(50, never);
    assert.equal(await hasSettled(blocked), false);
    const waiting = second.reserve(50, never);
    await assert.rejects(blocked, { code: 'memory_shortage', kind: 'cancelled' });
    assert.equal(await hasSettled(growth), false);
    youngest.close();
    await growth;
    assert.equal(ledger.bytes, 110);
    assert.equal(await hasSettled(waiting), false);
    oldest.close();
    await waiting;
  });

  it('sends back as many as it takes, one after the other', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 120 });
    const [oldest, second, youngest] = [ledger.open(), ledger.open(), ledger.open()];
    await second.reserve(40, never);
    await youngest.reserve(40, never);
    const ends = [second, youngest].map((account) =>
      account.reserve(50, never).catch((error: KnownError) => {
        account.close();
        return error.code;
      }),
    );
    await oldest.reserve(110, never);
    assert.deepEqual(await Promise.all(ends), ['memory_shortage', 'memory_shortage']);
    assert.equal(ledger.bytes, 110);
  });

  it('gives a younger job nothing that the oldest will need if it grows as large as jobs did lately', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 400 });
    const before = ledger.open();
    await before.reserve(350, never);
    before.close();
    const [oldest, younger] = [ledger.open(), ledger.open()];
    await oldest.reserve(30, never);
    assert.equal(younger.tryReserve(51), false);
    assert.equal(younger.tryReserve(50), true);
    await oldest.reserve(320, never);
  });

  it('leaves jobs that have begun only a quarter of all bytes while the oldest may need more than the rest', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 400, keptFree: 3 / 4 });
    const before = ledger.open();
    await before.reserve(80, never);
    before.close();
    const [oldest, younger] = [ledger.open(), ledger.open()];
    await oldest.reserve(10, never);
    await younger.reserve(10, never);
    assert.equal(younger.tryReserve(16), false);
    assert.equal(younger.tryReserve(15), true);
  });

  it('refuses a job that needs more than there is', async () => {
    const ledger = new MemoryLedger({ bytes: 2 ** 20, most: 3 * 2 ** 20 });
    await assert.rejects(ledger.open().reserve(4 * 2 ** 20, never), {
      code: 'out_of_memory',
      message: 'The image needs 4 MiB of memory to process, but the consumer has 3 MiB.',
    });
    assert.equal(ledger.bytes, 0);
  });

  it('keeps free for the oldest job what it lacks to the size that jobs reached lately', async () => {
    const ledger = new MemoryLedger({ bytes: 200 });
    const before = ledger.open();
    await before.reserve(80, never);
    before.close();
    const oldest = ledger.open();
    const younger = ledger.open();
    await oldest.reserve(10, never);
    assert.equal(younger.tryReserve(121), false);
    assert.equal(younger.tryReserve(120), true);
    await oldest.reserve(70, never);
    assert.equal(ledger.bytes, 200);
  });

  it('keeps free of what there is at all what a large oldest job lacks beyond the budget', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 120 });
    const before = ledger.open();
    await before.reserve(100, never);
    before.close();
    const [oldest, younger] = [ledger.open(), ledger.open()];
    await oldest.reserve(10, never);
    await younger.reserve(20, never);
    assert.equal(younger.tryReserve(1), false);
    await oldest.reserve(90, never);
    assert.equal(ledger.bytes, 120);
  });

  it('keeps nothing free for what only earlier stages of the oldest job needed', async () => {
    const ledger = new MemoryLedger({ bytes: 200 });
    const before = ledger.open();
    before.arrive('predict');
    await before.reserve(100, never);
    before.holds(20);
    before.arrive('upload');
    before.close();
    const [oldest, younger] = [ledger.open(), ledger.open()];
    oldest.arrive('predict');
    await oldest.reserve(30, never);
    const growth = younger.reserve(170, never);
    assert.equal(await hasSettled(growth), false);
    oldest.arrive('upload');
    await growth;
    assert.equal(ledger.bytes, 200);
  });

  it('has room for one more job of the usual size, unless a job waits already', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const first = ledger.open();
    await first.reserve(30, never);
    first.close();
    const [one, two, three] = [ledger.open(), ledger.open(), ledger.open()];
    assert.equal(ledger.bytes, 90);
    assert.equal(ledger.hasRoom(), false);
    one.holds(10);
    assert.equal(ledger.hasRoom(), true);
    two.holds(60);
    void three.reserve(50, never);
    assert.equal(ledger.hasRoom(), false);
  });

  it('forgets large jobs when many smaller ones have followed', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const run = async (bytes: number): Promise<void> => {
      const account = ledger.open();
      await account.reserve(bytes, never);
      account.close();
    };
    await run(400);
    const usual = (): number => {
      const account = ledger.open();
      const { bytes } = ledger;
      account.close();
      return bytes;
    };
    assert.equal(usual(), 50);
    for (let jobs = 0; jobs < 40; jobs++) await run(10);
    assert.equal(usual(), 10);
  });

  it('forgets a reservation that is given up', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const oldest = ledger.open();
    await oldest.reserve(100, never);
    const control = new AbortController();
    const waiting = ledger.open().reserve(50, control.signal);
    control.abort(new KnownError('shutting_down', 'Stopping.'));
    await assert.rejects(waiting, { code: 'shutting_down' });
    oldest.close();
    assert.equal(ledger.bytes, 0);
    assert.equal(ledger.hasRoom(), true);
  });
});

it('what does not exist is granted to nobody, not even at once', async () => {
  const ledger = new MemoryLedger({ bytes: 100, most: 150 });
  const account = ledger.open();
  assert.equal(account.tryReserve(151), false);
  await assert.rejects(account.reserve(151, never), { code: 'out_of_memory' });
  assert.equal(account.tryReserve(150), true);
});

it('a job that has reserved nothing yet gets not even what it was expected to need once the oldest has it', async () => {
  const ledger = new MemoryLedger({ bytes: 100, most: 150 });
  const before = ledger.open();
  await before.reserve(50, never);
  before.close();
  const [oldest, younger] = [ledger.open(), ledger.open()];
  await oldest.reserve(150, never);
  assert.equal(younger.tryReserve(50), false);
  const waiting = younger.reserve(50, never);
  oldest.holds(100);
  await waiting;
  assert.equal(ledger.bytes, 150);
});

describe('while the oldest job tries a remote again, a memory ledger', () => {
  /** Jobs need 80 of 100 bytes; one holds 10 and tries again, two have just begun. */
  async function trying() {
    const ledger = new MemoryLedger({ bytes: 100, most: 150 });
    const before = ledger.open();
    await before.reserve(80, never);
    before.close();
    const [oldest, next, last] = [ledger.open(), ledger.open(), ledger.open()];
    await oldest.reserve(10, never);
    return { ledger, oldest, next, last };
  }

  it('keeps nothing free for it', async () => {
    const { ledger, oldest, next } = await trying();
    const waiting = next.reserve(90, never);
    assert.equal(await hasSettled(waiting), false);
    oldest.rest();
    await waiting;
    assert.equal(ledger.bytes, 150);
  });

  it('lets the next in turn beyond the budget, as if it were the oldest', async () => {
    const { oldest, next, last } = await trying();
    oldest.rest();
    assert.equal(last.tryReserve(91), false);
    assert.equal(next.tryReserve(140), true);
  });

  it('takes it for the oldest again once it waits for memory', async () => {
    const { ledger, oldest, next } = await trying();
    oldest.rest();
    await next.reserve(140, never);
    const growth = oldest.reserve(50, never);
    const more = next.reserve(10, never);
    await assert.rejects(more, { code: 'memory_shortage' });
    next.close();
    await growth;
    assert.equal(ledger.bytes, 10 + 50 + 50);
  });

  it('takes it for the oldest again once it comes to another stage', async () => {
    const { oldest, next } = await trying();
    oldest.rest();
    oldest.arrive('upload');
    assert.equal(next.tryReserve(90), false);
  });
});

it('while memory is tight only the oldest job gets any, and no job is taken', async () => {
  let isTight = true;
  const ledger = new MemoryLedger({ bytes: 100, isTight: () => isTight });
  assert.equal(ledger.hasRoom(), true);
  const [oldest, younger] = [ledger.open(), ledger.open()];
  assert.equal(oldest.tryReserve(10), true);
  assert.equal(ledger.hasRoom(), false);
  const waiting = younger.reserve(10, never);
  assert.equal(await hasSettled(waiting), false);
  isTight = false;
  ledger.recheck();
  await waiting;
  assert.equal(ledger.hasRoom(), true);
});

it('refuses the oldest job what can never be granted besides what it got while it waited', async () => {
  const ledger = new MemoryLedger({ bytes: 121, most: 384 });
  const [oldest, younger] = [ledger.open(), ledger.open()];
  await oldest.reserve(100, never);
  younger.holds(100);
  const first = oldest.reserve(200, never);
  const second = oldest.reserve(220, never);
  assert.equal(await hasSettled(first), false);
  younger.holds(50);
  await first;
  // As long as another job holds memory the oldest may hope for its own to come back first.
  assert.equal(await hasSettled(second), false);
  younger.close();
  assert.equal(await hasSettled(second), true);
  await assert.rejects(second, { code: 'out_of_memory' });
  oldest.holds(10);
  assert.equal(ledger.hasRoom(), true);
});

describe('a memory ledger of several queues', () => {
  it('gives the job of another queue its turn after the first, not after all that were claimed before it', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    const flood = Array.from({ length: 4 }, () => ledger.open('flooded'));
    const [first, ...others] = flood;
    await first?.reserve(60, never);
    const waiting = others.map((account) => account.reserve(60, never));
    const quiet = ledger.open('quiet').reserve(60, never);
    first?.close();
    await quiet;
    for (const flooded of waiting) assert.equal(await hasSettled(flooded), false);
  });

  it('lets no job of a flood take what the job of another queue waits for', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    await ledger.open('flooded').reserve(20, never);
    const running = ledger.open('flooded');
    const flooded = ledger.open('flooded');
    await running.reserve(40, never);
    const quiet = ledger.open('quiet').reserve(55, never);
    assert.equal(flooded.tryReserve(5), false);
    running.close();
    await quiet;
    assert.equal(flooded.tryReserve(5), true);
  });

  it('sends back jobs of the flood before the one of another queue', async () => {
    const ledger = new MemoryLedger({ bytes: 100, most: 120 });
    const flood = Array.from({ length: 3 }, () => ledger.open('flooded'));
    const quiet = ledger.open('quiet');
    const [first, ...others] = flood;
    for (const account of [...others, quiet]) await account.reserve(20, never);
    const blocked = others.map((account) => account.reserve(80, never));
    const waiting = quiet.reserve(80, never);
    const growth = first?.reserve(80, never);
    await assert.rejects(blocked[1] ?? growth ?? waiting, { code: 'memory_shortage' });
    others[1]?.close();
    await growth;
    assert.equal(await hasSettled(waiting), false);
    first?.close();
    others[0]?.close();
    await assert.doesNotReject(waiting);
  });

  it('takes turns between floods, whichever began first', async () => {
    const ledger = new MemoryLedger({ bytes: 10 });
    const order: string[] = [];
    const open = (queue: string): Promise<void> => {
      const account = ledger.open(queue);
      return account.reserve(10, never).then(() => {
        order.push(queue);
        account.close();
      });
    };
    const first = ledger.open('a');
    await first.reserve(10, never);
    const all = ['a', 'a', 'a', 'a', 'b', 'b', 'c'].map(open);
    first.close();
    await Promise.all(all);
    assert.deepEqual(order, ['b', 'c', 'a', 'b', 'a', 'a', 'a']);
  });

  it('has room for the first job of a queue while those of another wait', async () => {
    const ledger = new MemoryLedger({ bytes: 100 });
    await ledger.open('flooded').reserve(90, never);
    void ledger.open('flooded').reserve(60, never);
    assert.equal(ledger.hasRoom('flooded'), false);
    assert.equal(ledger.hasRoom('quiet'), true);
    ledger.open('quiet');
    assert.equal(ledger.hasRoom('quiet'), false);
  });
});
