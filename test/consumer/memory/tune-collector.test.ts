import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { heapGrowth } from '../../../src/consumer/memory/tune-collector.ts';

const TUNER = new URL('../../../src/consumer/memory/tune-collector.ts', import.meta.url).href;

const MIB = 2 ** 20;

/** What V8 adds to the limit for objects that are young. */
const YOUNG_BYTES = 32 * MIB;

/** What V8 says of its last collection of a new process that has collected all its garbage. */
function lastCollection(): { readonly size: number; readonly limit: number } {
  const program = `
    (await import(${JSON.stringify(TUNER)})).tuneCollector(512 * 2 ** 20);
    const kept = Array.from({ length: 400_000 }, (_, index) => ({ index }));
    for (const type of ['major', 'major', 'minor']) gc({ type });
    console.log(kept.length);`;
  const flags = ['--expose-gc', '--trace-gc', '--trace-gc-nvp', '--input-type=module'];
  const { stdout } = spawnSync(process.execPath, [...flags, '--eval', program], {
    encoding: 'utf8',
  });
  const last = (name: string): number =>
    Number(
      stdout
        .match(RegExp(`${name}=\\d+`, 'g'))
        ?.at(-1)
        ?.split('=')[1],
    );
  return { size: last('end_object_size'), limit: last('old_gen_allocation_limit') };
}

test('V8 marks the heap again once it, and the arrays since, have grown by a share of the container', () => {
  const { size, limit } = lastCollection();
  const most = (1 + heapGrowth(512 * MIB) / 100) * size;
  assert.ok(size > 10 * MIB, `${size} bytes are alive`);
  assert.ok(limit > most && limit < most + YOUNG_BYTES, `${limit} for ${size} bytes`);
});

/** How often a new process in such a container collects all while 2 GiB of arrays come and go. */
function collections(limit: number): number {
  const program = `
    (await import(${JSON.stringify(TUNER)})).tuneCollector(${limit});
    const kept = Array.from({ length: 400_000 }, (_, index) => ({ index }));
    const held = Array.from({ length: 64 }, () => new Uint8Array(2 ** 20));
    for (let n = 0; n < 2048; n++) {
      held[n % held.length] = new Uint8Array(2 ** 20);
      if (n % 16 === 0) await new Promise(setImmediate);
    }
    console.log(kept.length, held.length);`;
  const flags = ['--trace-gc', '--input-type=module'];
  const { stdout } = spawnSync(process.execPath, [...flags, '--eval', program], {
    encoding: 'utf8',
  });
  return stdout.match(/Mark-Compact/g)?.length ?? 0;
}

test('a container with room collects less than half as often', () => {
  const [small, roomy] = [collections(512 * MIB), collections(2048 * MIB)];
  assert.ok(roomy > 0 && 2 * roomy < small, `${roomy} and ${small} times`);
});

test('a small container leaves less to garbage; a larger one than needed, no more', () => {
  assert.ok(heapGrowth(384 * MIB) < heapGrowth(512 * MIB));
  assert.equal(heapGrowth(256 * MIB), 100);
  assert.equal(heapGrowth(128 * MIB), 100);
  assert.equal(heapGrowth(8192 * MIB), heapGrowth(512 * MIB));
  assert.equal(heapGrowth(undefined), heapGrowth(512 * MIB));
});
