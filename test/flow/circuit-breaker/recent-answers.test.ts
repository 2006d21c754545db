import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { RecentAnswers } from '../../../src/flow/circuit-breaker/recent-answers.ts';

let answers: RecentAnswers;

beforeEach(() => {
  answers = new RecentAnswers();
});

test('failures of one job count once, those of different jobs each', () => {
  answers.failed('a', 1);
  answers.failed('a', 2);
  assert.equal(answers.failedInARow, 1);
  answers.failed('b', 3);
  assert.equal(answers.failedInARow, 2);
});

test('a success of any job ends the row', () => {
  answers.failed('a', 1);
  answers.failed('b', 2);
  answers.served('c', 3);
  assert.equal(answers.failedInARow, 0);
});

test('a job fails since its first failure after its last success', () => {
  assert.equal(answers.failingSince('a'), undefined);
  answers.failed('a', 1);
  answers.failed('a', 5);
  assert.equal(answers.failingSince('a'), 1);
  assert.equal(answers.lastFailure('a'), 5);
  answers.served('a', 6);
  assert.equal(answers.failingSince('a'), undefined);
  assert.equal(answers.lastFailure('a'), -Infinity);
});

test('a job that has left is forgotten', () => {
  answers.failed('a', 1);
  answers.left('a');
  assert.equal(answers.failingSince('a'), undefined);
});

test('only attempts that began after a moment tell about the time after it', () => {
  answers.served('b', 4);
  assert.ok(answers.servedOthersSince('a', 4));
  assert.ok(!answers.servedOthersSince('a', 5));
});

test('successes of a job tell nothing about its own failures', () => {
  answers.served('b', 3);
  answers.served('a', 4);
  answers.served('a', 5);
  assert.ok(!answers.servedOthersSince('a', 4));
  assert.ok(answers.servedOthersSince('a', 3));
  assert.ok(answers.servedOthersSince('b', 5));
});

test('a job that spends three budgets, while others are served in between, is at fault', () => {
  assert.ok(!answers.spentAgain('a', 10));
  answers.served('b', 11);
  assert.ok(!answers.spentAgain('a', 20));
  answers.served('c', 21);
  assert.ok(answers.spentAgain('a', 30));
});

test('budgets spent while nobody is served in between do not add up', () => {
  answers.served('b', 1);
  for (const at of [10, 20, 30, 40]) assert.ok(!answers.spentAgain('a', at));
});
