import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const TUNER = new URL('../../src/consumer/tune-collector.ts', import.meta.url).href;

/** What V8 adds to the limit for objects that are young. */
const YOUNG_BYTES = 32 * 2 ** 20;

/** What V8 says of its last collection of a new process that has collected all its garbage. */
function lastCollection(): { readonly size: number; readonly limit: number } {
  const program = `
    (await import(${JSON.stringify(TUNER)})).tuneCollector();
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

test('V8 marks the heap again once it, and the arrays since, are twice what was alive', () => {
  const { size, limit } = lastCollection();
  assert.ok(size > 10 * 2 ** 20, `${size} bytes are alive`);
  assert.ok(limit > 2 * size && limit < 2 * size + YOUNG_BYTES, `${limit} for ${size} bytes`);
});
