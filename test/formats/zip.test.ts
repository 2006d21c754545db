import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { packEntry, zipArchive } from '../../src/formats/zip.ts';

const large = new Uint8Array(new SharedArrayBuffer(3_000_000)).map((_, i) => (i * i) >> 7);
const files = [
  { name: 'a_feature_0.tif', bytes: new TextEncoder().encode('first') },
  { name: 'sub/übung, eins.npy', bytes: large },
  { name: '../../escape.txt', bytes: new Uint8Array(0) },
];
const entries = files.map(({ name, bytes }) => packEntry(name, bytes));

test('another reader finds the entries in order, with their bytes, none outside the folder', async () => {
  const zip = await fromBufferPromise(await buffer(zipArchive(entries)()));
  const found = [];
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    found.push({ name: entry.fileName, bytes: new Uint8Array(bytes) });
  }
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a_feature_0.tif', 'sub/übung, eins.npy', 'escape.txt'],
  );
  found.forEach(({ bytes }, index) =>
    assert.deepEqual(bytes, new Uint8Array(files[index]?.bytes ?? [])),
  );
});

test('an archive can be read again, and is the same to the byte', async () => {
  const archive = zipArchive(entries);
  const [first, second] = [await buffer(archive()), await buffer(zipArchive(entries)())];
  assert.ok(first.equals(await buffer(archive())));
  assert.ok(first.equals(second));
});

test('no entry is stored with its size behind its data', async () => {
  const bytes = await buffer(zipArchive(entries)());
  for (let at = 0; at >= 0; at = bytes.indexOf(Buffer.from('PK\x03\x04'), at + 4)) {
    const flags = bytes.readUInt16LE(at + 6);
    const method = bytes.readUInt16LE(at + 8);
    assert.ok(
      method === 8 || (flags & 8) === 0,
      `entry at ${at}: method ${method}, flags ${flags}`,
    );
  }
});

/** Names of one step or more, none empty, `.` or `..`, of letters that have troubled archives. */
function generatedName(random: () => number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const letters = [
    'a',
    'B',
    '7',
    ' ',
    ',',
    ':',
    ';',
    '\\',
    '.',
    '-',
    '_',
    '#',
    '?',
    '&',
    '%',
    '+',
    '"',
    "'",
    '*',
  ];
  const others = [
    'ü',
    'u\u0308',
    '細',
    '胞',
    '🔬',
    'ß',
    '\u00a0',
    '\t',
    '(',
    ')',
    '[',
    '~',
    '$',
    '=',
    '@',
  ];
  const step = (): string => {
    const text = Array.from({ length: 1 + Math.floor(random() * 12) }, () =>
      pick(random() < 0.6 ? letters : others),
    ).join('');
    return `${pick(['x', 'C:', 'plate:', ''])}${text}y`.replaceAll('..', '.');
  };
  const folders = Array.from({ length: Math.floor(random() * 3) }, step);
  return [...folders, `${step()}_feature_0.tif`].join('/');
}

test('1,000 generated names are stored as they are asked for, each with its own bytes', async () => {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const names = [...new Set(Array.from({ length: 1000 }, () => generatedName(random)))];
  assert.ok(names.length > 990);
  const asked = names.map((name) => packEntry(name, new TextEncoder().encode(name)));
  const zip = await fromBufferPromise(await buffer(zipArchive(asked)()), { decodeStrings: false });
  const stored: string[] = [];
  for await (const entry of zip.eachEntry()) {
    // Its type knows only decoded names.
    const name = (entry.fileName as unknown as Buffer).toString();
    assert.equal(String(await buffer(await zip.openReadStreamPromise(entry))), name);
    stored.push(name);
  }
  assert.deepEqual(stored, names);
});
