import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorsFault, noteAuthorsFile } from '../../../src/consumer/authors/authors-code.ts';

const at = (...places: readonly string[]): Error =>
  Object.assign(new Error('boom'), {
    stack: ['Error: boom', ...places.map((place) => `    at run (file://${place}:3:9)`)].join('\n'),
  });
const OURS = new URL('../../../src/flow/running/stage-attempts.ts', import.meta.url).pathname;
const MINE = '/flows/my%20flows/mine.mjs';
const thrown = 'uncaughtException';
const rejected = 'unhandledRejection';

test('without files of authors every error may be ours', () => {
  assert.equal(authorsFault({ error: 'a text', origin: rejected }), undefined);
});

test('an error is that of an author if the innermost code is; of promises also what was called', () => {
  noteAuthorsFile('/flows/my flows/mine.mjs', 'mine');
  const said = authorsFault({ error: at(MINE, OURS), origin: thrown }) ?? '';
  assert.match(
    said,
    /^"\/flows\/my flows\/mine\.mjs" \(workflow "mine"\) left an error uncaught, /,
  );
  assert.match(
    said,
    /await every promise, and catch what timers and listeners throw: Error: boom$/,
  );
  assert.equal(authorsFault({ error: at(OURS, MINE), origin: thrown }), undefined);
  assert.notEqual(authorsFault({ error: at(OURS, MINE), origin: rejected }), undefined);
});

test('packages beside the file and code elsewhere are not those of the author', () => {
  const inPackage = '/flows/my%20flows/node_modules/ioredis/index.js';
  assert.equal(authorsFault({ error: at(inPackage), origin: thrown }), undefined);
  assert.equal(authorsFault({ error: at('/elsewhere/x.mjs'), origin: rejected }), undefined);
  assert.notEqual(
    authorsFault({ error: at('/flows/my%20flows/lib/x.mjs'), origin: thrown }),
    undefined,
  );
});

test('what is no error is never ours', () => {
  assert.match(authorsFault({ error: 'a text', origin: rejected }) ?? '', /throw: a text$/);
});
