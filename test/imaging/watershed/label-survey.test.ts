import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surveyLabels } from '../../../src/imaging/watershed/label-survey.ts';
import { randomLabels } from '../random-labels.ts';
import { eulerNumber } from './slow-euler.ts';

test('counts pixels, and components less holes', () => {
  for (const { name, labels, size } of randomLabels(5)) {
    const { pixels, euler } = surveyLabels(labels, size, Math.max(...labels) + 2);
    for (const label of new Set(labels)) {
      if (label === 0) continue;
      const what = `${name}, label ${label}`;
      assert.equal(pixels[label], labels.filter((other) => other === label).length, what);
      assert.equal(euler[label], eulerNumber(labels, size, label), what);
    }
    assert.equal(pixels.at(-1), 0, name);
  }
});
