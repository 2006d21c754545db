import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORE_SETTINGS, OBSOLETE_SETTINGS } from '../../src/config/core-settings.ts';
import { loadSettings } from '../../src/config/load.ts';
import { optional, setting } from '../../src/config/setting.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

const declared = {
  count: setting.integer('COUNT', 5, 'A count.', { min: 1, max: 9 }),
  share: setting.fraction('SHARE', 0.25, 'A share.'),
  pause: setting.seconds('PAUSE', 3, 'A pause.'),
  memory: setting.bytes('MEMORY', 1, 'Memory.'),
  clip: setting.boolean('CLIP', false, 'Whether to clip.'),
  part: setting.choice('PART', 'both', 'A part.', ['whole-cell', 'nuclear', 'both']),
  model: setting.model('MODEL', 'Nuclear:6', 'A model.', { aliases: ['OLD_MODEL'] }),
  password: setting.text('PASSWORD', '', 'A password.', { secret: true }),
  limit: optional(setting.integer('LIMIT', 0, 'A limit.'), 'no limit'),
  paths: setting.list('PATHS', 'Paths.'),
};

test('what is unset or empty has its default', () => {
  const { values, problems } = loadSettings(declared, { COUNT: '', SHARE: '  ' });
  assert.deepEqual(problems, []);
  assert.deepEqual(values, {
    count: 5,
    share: 0.25,
    pause: 3,
    memory: 1,
    clip: false,
    part: 'both',
    model: { name: 'Nuclear', version: 6 },
    password: '',
    limit: undefined,
    paths: [],
  });
});

test('each kind reads its texts', () => {
  const { values, problems } = loadSettings(declared, {
    COUNT: ' 7 ',
    SHARE: '.99',
    PAUSE: '1e-1',
    MEMORY: '1.5GiB',
    CLIP: 'Yes',
    PART: 'WHOLE-CELL',
    OLD_MODEL: 'Cytoplasm:75',
    LIMIT: '12',
    PATHS: 'a.ts, b.ts,',
  });
  assert.deepEqual(problems, []);
  assert.equal(values.count, 7);
  assert.equal(values.share, 0.99);
  assert.equal(values.pause, 0.1);
  assert.equal(values.memory, 1.5 * 2 ** 30);
  assert.equal(values.clip, true);
  assert.equal(values.part, 'whole-cell');
  assert.deepEqual(values.model, { name: 'Cytoplasm', version: 75 });
  assert.equal(values.limit, 12);
  assert.deepEqual(values.paths, ['a.ts', 'b.ts']);
});

test('all mistakes are told at once, each with the variable, its value and what is allowed', () => {
  const { problems } = loadSettings(declared, {
    COUNT: '10',
    SHARE: 'half',
    MEMORY: 'much',
    CLIP: 'perhaps',
    PART: 'some',
    OLD_MODEL: 'Nuclear',
  });
  assert.deepEqual(problems, [
    'COUNT is "10", but must be a whole number from 1 to 9.',
    'SHARE is "half", but must be a number from 0 to 1.',
    'MEMORY is "much", but must be bytes, as in 268435456 or 256MiB.',
    'CLIP is "perhaps", but must be true or false.',
    'PART is "some", but must be one of whole-cell, nuclear, both.',
    'OLD_MODEL is "Nuclear", but must be a model, as in NuclearSegmentation:6.',
  ]);
});

test('no secret is told with a mistake', () => {
  const secret = { ...setting.integer('PIN', 0, 'A number.'), secret: true };
  assert.deepEqual(loadSettings({ secret }, { PIN: 'hunter2' }).problems, [
    'PIN is "***", but must be a whole number.',
  ]);
});

test('no variable is declared twice', () => {
  const names = Object.values(CORE_SETTINGS).flatMap(({ name, aliases }) => [name, ...aliases]);
  const all = [...names, ...Object.keys(OBSOLETE_SETTINGS)];
  assert.equal(new Set(all).size, all.length);
});

test('units of bytes mean what Kubernetes and SI say', () => {
  const memory = setting.bytes('MEMORY', 0, '');
  const texts = ['64', '1kB', '2M', '1GB', '1KiB', '2Mi', '1.5GiB', '1 GiB', '0.5k'];
  assert.deepEqual(
    texts.map((text) => memory.parse(text)),
    [64, 1000, 2e6, 1e9, 1024, 2 ** 21, 1.5 * 2 ** 30, 2 ** 30, 500],
  );
  for (const text of ['1i', 'GiB', '1TB', '-1', '1KiBB']) {
    assert.equal(memory.parse(text), undefined, text);
  }
});

test('a port that Kubernetes has set for a service counts as unset', () => {
  const settings = { port: setting.port('REDIS_PORT', 6379, '') };
  const load = (text: string) => loadSettings(settings, { REDIS_PORT: text });
  assert.equal(load('tcp://10.0.0.7:6379').values.port, 6379);
  assert.deepEqual([...load('tcp://10.0.0.7:6379').given], []);
  assert.equal(load('26379').values.port, 26_379);
  assert.deepEqual([...load('26379').given], ['REDIS_PORT']);
  assert.equal(load('0').problems.length, 1);
});

test('every setting says what it may be, and none only that it is text', () => {
  const all = [CORE_SETTINGS, ...WORKFLOWS.map(({ settings }) => settings)].flatMap((one) =>
    Object.values(one),
  );
  assert.ok(all.length > 50);
  for (const { name, allowed } of all) {
    assert.ok(allowed !== '' && !/^text\b/.test(allowed), `${name}: ${allowed}`);
  }
});
