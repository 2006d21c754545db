/* `npm run bench -- NAME [--json FILE]`: each file in this folder is a bench, with a function `run`. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';

interface Bench {
  readonly run: (args: readonly string[]) => Promise<void>;
}

const names = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'run')
  .toSorted();

const [name = '', ...args] = process.argv.slice(2);
if (names.includes(name)) {
  // Every file of this folder exports `run`.
  const bench = (await import(`./${name}.ts`)) as Bench;
  await bench.run(args);
} else {
  console.error(`npm run bench -- NAME [--json FILE], where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 1;
}
