import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModelSignature, TensorInfo } from '../../../src/ports.ts';
import {
  checkTileShape,
  channelsToKeep,
  chooseHeads,
  imageInput,
  onlyOutput,
  outputsToAsk,
} from '../../../src/stages/predict/model-fit.ts';

const model = { name: 'Nuclear', version: 6 };
const image = [1, 512, 512, 1];

function input(shape: readonly number[] | undefined): TensorInfo {
  return { name: 'image', type: 'float32', shape };
}

function signature(shape: readonly number[] | undefined): ModelSignature {
  return { inputs: [input(shape)], outputs: [] };
}

function output(name: string, type: TensorInfo['type'] = 'float32', typeName = ''): TensorInfo {
  return { name, type, typeName, shape: [-1, 256, 256, 1] };
}

function array(shape: readonly number[]) {
  return { shape, data: new Float32Array(0) };
}

describe('imageInput', () => {
  it('takes axes of any length, and any number of axes', () => {
    for (const shape of [[-1, 256, 256, 1], [-1, -1, -1, -1], [8, -1, -1, 1], undefined])
      assert.equal(imageInput(model, image, signature(shape)).name, 'image');
  });

  it('refuses another number of axes or channels in the words of the reference', () => {
    assert.throws(() => imageInput(model, image, signature([256, 256, 1])), {
      code: 'wrong_dimensions',
      message: 'Input data must have 3 dimensions. Input data only has 4 dimensions',
    });
    assert.throws(() => imageInput(model, image, signature([-1, 1, 256, 256])), {
      message: 'Input data must have 256 channels. Input data only has 1 channels',
    });
    assert.throws(() => imageInput(model, image, signature([-1, 1, 256, 256]), 'Choose one.'), {
      message: 'Input data must have 256 channels. Input data only has 1 channels. Choose one.',
    });
  });

  it('refuses a model with other than one input', () => {
    const two = { inputs: [input([-1]), input([-1])], outputs: [] };
    assert.throws(() => imageInput(model, image, two), /has 2 inputs; one image is expected/);
  });
});

describe('outputsToAsk', () => {
  const outputs = [output('a'), output('b'), output('classes', 'other', 'DT_STRING')];

  it('names the heads, by their place in the order of names', () => {
    const heads = [{ output: 0 }, { output: 1 }, { output: 0 }];
    assert.deepEqual(outputsToAsk({ model, heads }, { inputs: [], outputs }), ['a', 'b']);
  });

  it('asks for all of them if all are wanted, or none is known', () => {
    const known = { inputs: [], outputs: outputs.slice(0, 2) };
    assert.equal(outputsToAsk({ model, heads: 'all' }, known), undefined);
    assert.equal(
      outputsToAsk({ model, heads: [{ output: 0 }] }, { inputs: [], outputs: [] }),
      undefined,
    );
  });

  it('refuses an output that holds no numbers, by the name that the server gives its type', () => {
    const refused = {
      code: 'model_mismatch',
      message:
        'Output classes of Nuclear:6 has the type DT_STRING, which cannot be read as numbers.',
    };
    for (const heads of ['all', [{ output: -1 }]] as const)
      assert.throws(() => outputsToAsk({ model, heads }, { inputs: [], outputs }), refused);
  });
});

describe('channelsToKeep', () => {
  const known = { inputs: [], outputs: [output('a'), output('b')] };

  it('are those of all heads of an output', () => {
    const heads = [
      { output: 1, channels: [2] },
      { output: 0, channels: [0] },
      { output: -1, channels: [0, 2] },
    ];
    assert.deepEqual(
      channelsToKeep(heads, known),
      new Map([
        ['b', [0, 2]],
        ['a', [0]],
      ]),
    );
  });

  it('are not named of an output of which a head wants all, nor of one without a name', () => {
    const heads = [{ output: 1, channels: [2] }, { output: 1 }, { output: 4, channels: [0] }];
    assert.deepEqual(channelsToKeep(heads, known), new Map());
    assert.deepEqual(channelsToKeep(heads, { inputs: [], outputs: [] }), new Map());
    assert.deepEqual(channelsToKeep('all', known), new Map());
  });
});

describe('chooseHeads', () => {
  const replied = new Map([
    ['a', array([1, 2, 2, 1])],
    ['b', array([1, 2, 2, 3])],
  ]);
  const known = { inputs: [], outputs: [output('a'), output('b')] };

  it('takes outputs in the order of their names, also without a signature', () => {
    const heads = [{ output: -1, channels: [2] }, { output: 0 }];
    for (const one of [known, { inputs: [], outputs: [] }])
      assert.deepEqual(
        chooseHeads({ model, heads }, replied, one).map(({ array: { shape } }) => shape),
        [
          [1, 2, 2, 3],
          [1, 2, 2, 1],
        ],
      );
  });

  it('finds channels where they are among those that were kept', () => {
    const kept = new Map([['b', [0, 2, 7]]]);
    const some = new Map(replied).set('b', array([1, 2, 2, 2]));
    const placesOf = (channels: readonly number[]): unknown =>
      chooseHeads({ model, heads: [{ output: 1, channels }], kept }, some, known)[0]?.channels;
    assert.deepEqual(placesOf([2, 0]), [1, 0]);
    assert.throws(() => placesOf([2, 7]), /lacks output 1, channel 7; it has a, b/);
  });

  it('refuses a model that lacks an output or a channel, or has too many outputs', () => {
    const lacks = (heads: Parameters<typeof chooseHeads>[0]['heads'], message: RegExp): void =>
      assert.throws(() => chooseHeads({ model, heads }, replied, known), message);
    lacks([{ output: 2 }], /lacks output 2; it has a, b/);
    lacks([{ output: 0, channels: [1] }], /lacks output 0, channel 1; it has a, b/);
    assert.throws(
      () => chooseHeads({ model, heads: 'all', outputs: 4 }, replied, known),
      /output_list was length 2, expecting length 4/,
    );
  });
});

describe('replies', () => {
  it('have the rows and columns of the tile', () => {
    checkTileShape(array([9, 256, 256, 1]), [256, 256]);
    for (const shape of [
      [9, 128, 128, 1],
      [9, 256, 256],
      [9, 2],
    ])
      assert.throws(() => checkTileShape(array(shape), [256, 256]), { code: 'model_mismatch' });
  });

  it('are one array where a model says one thing of a tile', () => {
    const one = array([9, 1]);
    assert.equal(onlyOutput(model, new Map([['scale', one]])), one);
    assert.throws(() => onlyOutput(model, new Map()), /gave 0 outputs; one was expected/);
  });
});
