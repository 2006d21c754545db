/*
 * `npm test [-- FILE …]`: the tests in these files, or all that need nothing but Redis. Options go to Node's test runner. What the processes
 * compile is kept for those that start later: most of them load the same modules, and would spend half of their time on that. Three run
 * at a time, for two cores: some of them wait for the clock of Redis or of a process.
 *
 * Memory is allocated as under `npm start`. Left to itself, glibc gives each large array back to the system at once, and the next one is
 * zeroed page by page again: a fifth of the time of tests of images. And V8 collects as it does in a consumer under load
 * (`tune-collector.ts`), with a nursery that need not grow first: it would mark the heap again after every few arrays.
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

const ALLOCATOR = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '33554432',
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
};
const COLLECTOR = [
  '--heap-growing-percent=400',
  '--no-parallel-scavenge',
  '--min-semi-space-size=8',
];
const options = ['--test', '--test-concurrency=3', '--test-timeout=180000', '--test-reporter=spec'];
const given = [...COLLECTOR, ...options, ...words.filter(isOption), ...files];
const runner = spawn(process.execPath, given, {
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
    ...ALLOCATOR,
    ...process.env,
  },
});
const [code] = await once(runner, 'exit');
process.exitCode = Number(code ?? 1);
