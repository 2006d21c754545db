/*
 * `npm test [-- FILE …]`: the tests in these files, or all that need nothing but Redis. Options go to Node's test runner. What the processes
 * compile is kept for those that start later: most of them load the same modules, and would spend half of their time on that. Three run
 * at a time, for two cores: some of them wait for the clock of Redis or of a process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { testProcesses } from './test-files.ts';

const words = process.argv.slice(2);
const isOption = (word: string): boolean => word.startsWith('--');
const named = words.filter((word) => !isOption(word));
const files = named.length > 0 ? named : testProcesses(globSync('test/**/*.ts').toSorted());

const options = ['--test', '--test-concurrency=3', '--test-timeout=180000', '--test-reporter=spec'];
const runner = spawn(process.execPath, [...options, ...words.filter(isOption), ...files], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'), ...process.env },
});
const [code] = await once(runner, 'exit');
process.exitCode = Number(code ?? 1);
