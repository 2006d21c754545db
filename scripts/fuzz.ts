/*
 * `npm run fuzz -- [--format NAME] [--seconds N] [--seed N] [--keep]`: changes files at random and sees that each is read or refused in
 * words, within bounds of time and memory. Without a format all run at the same time. An input that shows a fault is made as
 * small as it can be and added to test/fuzz/corpus, which the tests run; with `--keep`, so are those that show something new.
 */
import { parseArgs } from 'node:util';
import { Fuzzer } from './fuzz/fuzzer.ts';
import { TARGETS } from './fuzz/targets.ts';

const { values } = parseArgs({
  options: {
    format: { type: 'string', multiple: true, default: Object.keys(TARGETS) },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});

async function fuzz(format: string): Promise<void> {
  const target = TARGETS[format];
  if (target === undefined) {
    const names = Object.keys(TARGETS).join(', ');
    throw new Error(`There is no format "${format}"; choose from ${names}.`);
  }
  const fuzzer = new Fuzzer(format, target, { seed: Number(values.seed), keeps: values.keep });
  await fuzzer.run(Number(values.seconds));
  const { runs, behaviours, faults } = fuzzer;
  console.log(`${format}: ${runs} inputs, ${behaviours} behaviours, ${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

await Promise.all(values.format.map(fuzz));
