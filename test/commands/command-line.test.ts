import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { nearest } from '../../src/config/nearest.ts';
import { COMMANDS } from '../../src/commands/commands.ts';
import { runCommand } from './run-command.ts';

/** bash reads the grammar of zsh as far as the script for zsh uses it. */
for (const shell of ['bash', 'zsh']) {
  test(`the completion script for ${shell} parses`, async () => {
    const { code, stdout } = await runCommand(['completion', shell]);
    assert.equal(code, 0);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: stdout });
    assert.equal(status, 0, stderr.toString());
  });
}

/** What bash offers for the last word of a line. */
async function offered(line: string): Promise<string[]> {
  const { stdout: script } = await runCommand(['completion', 'bash']);
  const words = line.split(' ').map((word) => `'${word}'`);
  const ask = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
    _kiosk_redis_consumer; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', { input: `${script}\n${ask}`, encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}

test('bash completes commands, options, and the operands of commands', async () => {
  assert.deepEqual(await offered('kiosk-redis-consumer st'), ['status']);
  assert.deepEqual(await offered('kiosk-redis-consumer submit --t'), ['--timeout']);
  assert.deepEqual(await offered('kiosk-redis-consumer completion '), ['bash', 'zsh', 'fish']);
  assert.deepEqual(await offered('kiosk-redis-consumer submit packag'), [
    'package-lock.json',
    'package.json',
  ]);
  assert.deepEqual(await offered('kiosk-redis-consumer submit --output tes'), ['test']);
});

test('the script for fish has a line for each command and each option', async () => {
  const { stdout } = await runCommand(['completion', 'fish']);
  const lines = stdout.trimEnd().split('\n');
  for (const { name, options } of COMMANDS) {
    assert.ok(lines.some((line) => line.includes(` -n __fish_use_subcommand -f -a ${name} `)));
    for (const option of Object.keys(options)) {
      const start = `-n '__fish_seen_subcommand_from ${name}' -l ${option} `;
      assert.ok(lines.some((line) => line.includes(start)));
    }
  }
});

test('help shows every command, and an example', async () => {
  const { code, stdout } = await runCommand(['help']);
  assert.equal(code, 0);
  for (const { name, summary } of COMMANDS) {
    assert.ok(stdout.includes(`  ${name} `) && stdout.includes(summary), name);
  }
  assert.match(stdout, /Examples:\n {2}# .*\n {2}kiosk-redis-consumer run/);
});

test('--help of a command shows its options, whatever else is missing', async () => {
  const { code, stdout } = await runCommand(['submit', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: kiosk-redis-consumer submit FILE … --queue QUEUE \[option …\]$/m);
  assert.match(stdout, /^ {2}-o, --output FOLDER {2,}.*Default: results\.$/m);
  assert.deepEqual(await runCommand(['help', 'submit']), await runCommand(['submit', '-h']));
});

for (const [words, message] of [
  [['sumbit'], /no command "sumbit"\. Did you mean submit\? There are run, local, submit, /],
  [['doctor', '--timeuot', '1'], /doctor has no option --timeuot\. Did you mean --timeout\?/],
  [['completion', 'fsh'], /no completion for "fsh"\. Did you mean [a-z]+\? There are bash, zsh/],
  [['check-config', 'now'], /check-config takes no words, but there is "now"/],
  [['submit', 'a.tif'], /submit needs --queue QUEUE/],
  [['status', '--queue'], /--queue/],
] as const) {
  test(`${words.join(' ')} ends with exit code 2`, async () => {
    const { code, stdout, stderr } = await runCommand(words);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });
}

test('the nearest word is that of the fewest typing mistakes', () => {
  const words = ['status', 'submit', 'completion'];
  assert.equal(nearest('satus', words), 'status');
  assert.equal(nearest('submti', words), 'submit');
  assert.equal(nearest('compeltoin', words), 'completion');
  assert.equal(nearest('xyzzy', words), undefined);
});

test('for an option without its value, the message has the name that was typed and what it takes', async () => {
  for (const [words, said] of [
    [['submit', '-q'], /^submit: -q lacks its value: --queue QUEUE\. Queue of the jobs; .+\n$/],
    [
      ['submit', 'a.tif', '--queue', '-f'],
      /^submit: --queue lacks .+ with a dash in front: --queue=-VALUE\.\n$/,
    ],
    [['submit', 'a.tif', '--no-wait=3'], /^submit: --no-wait takes no value\.\n$/],
  ] as const) {
    const { code, stderr } = await runCommand(words);
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
});
