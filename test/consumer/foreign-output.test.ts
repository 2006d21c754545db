import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const module = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** In a process of its own, because it changes the console. */
const SCRIPT = `
  import { openLog } from '${module('telemetry/log/log.ts')}';
  import { takeForeignOutput } from '${module('consumer/foreign-output.ts')}';
  takeForeignOutput(openLog({ level: 'INFO', format: 'json', hostName: 'h', queue: 'q' }));
  console.warn('[WARN] no password needed', 7);
  process.emitWarning('an old call');
`;

test('what libraries print and Node warns of becomes lines of the log', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', SCRIPT],
    { encoding: 'utf8' },
  );
  assert.equal(stderr, '');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly level: string; readonly msg: string });
  assert.deepEqual(
    lines.map(({ level, msg }) => `${level}: ${msg}`),
    ['warn: [WARN] no password needed 7', 'warn: an old call'],
  );
});
