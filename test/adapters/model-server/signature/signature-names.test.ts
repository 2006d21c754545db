import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signatureNames } from '../../../../src/adapters/model-server/signature/signature-names.ts';

const six = { name: 'Nuclear', version: 6 };
const seven = { name: 'Nuclear', version: 7 };
const other = { name: 'Other', version: 1 };

describe('signatureNames', () => {
  it('is serving_default unless another is named', () => {
    assert.equal(signatureNames([])(six), 'serving_default');
    assert.equal(signatureNames(['predict'])(six), 'predict');
  });

  it('prefers what is named for a version to what is named for a model, and that to the rest', () => {
    const nameOf = signatureNames(['Nuclear = cells', 'Nuclear:7=nuclei', 'predict']);
    assert.deepEqual([nameOf(six), nameOf(seven), nameOf(other)], ['cells', 'nuclei', 'predict']);
  });
});
