import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CommandProcess } from '../../commands/command-process.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk guard-'));
});
after(() => rm(folder, { recursive: true }));

const RIGHT = `import { csv, defineWorkflow, download, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
export default defineWorkflow({ name: 'mine', summary: 'Mine.', accepts: () => true, settings: {},
  pipeline: () => pipeline(download, packageResults(() => [csv('a.csv', ['a'], [])]), upload) });\n`;

/** What a module does while it is loaded, and what the command says. */
const HARM = {
  'ends the process': { code: 'process.exit(0);', said: '" calls process.exit, which would end' },
  'forgets a promise': {
    code: `void Promise.reject(new Error('Forgotten.'));`,
    said: 'left an error uncaught, and nothing tells which job it belongs to;',
  },
};

for (const [harm, { code, said }] of Object.entries(HARM)) {
  test(`a module that ${harm} when it is loaded is refused in a sentence, without a stack`, async () => {
    const file = join(folder, `${harm.replaceAll(' ', '-')}.mjs`);
    await writeFile(file, RIGHT + code);
    const { code: ended, stderr } = await CommandProcess.run(['workflow', 'check', file], {});
    assert.equal(ended, 1, stderr);
    assert.ok(stderr.includes(said) && stderr.includes(file), stderr);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}
