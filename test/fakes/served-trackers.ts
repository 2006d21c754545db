import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel, Tensors } from '../../src/stand-in-server/served-model.ts';
import type { TensorInfo } from '../../src/ports.ts';
import { compareWith, encode } from './fake-tracking-models.ts';

const floats = (name: string, shape: readonly number[]): TensorInfo => ({
  name,
  type: 'float32',
  shape,
});

function tensor(tensors: Tensors, name: string): NdArray<Float32Array> {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`The request has no ${name}.`);
  return found;
}

/** The fake models of the goldens that track cells, as a server serves them: `Encoder:1` and `Tracker:1`. */
export function servedTrackers(inference: string): ServedModel[] {
  return [
    {
      name: 'Encoder',
      version: 1,
      inputs: [
        floats('encoder_app_input', [-1, -1, 32, 32, 1]),
        floats('encoder_morph_input', [-1, -1, 3]),
        floats('encoder_centroid_input', [-1, -1, 2]),
        floats('encoder_adj_input', [-1, -1, -1]),
      ],
      outputs: [floats('encoder_centroid_input', [-1, -1, 2]), floats('relu_nef', [-1, -1, 64])],
      predict: (tensors) => {
        const centroids = tensor(tensors, 'encoder_centroid_input');
        const embedding = encode({
          centroids,
          appearances: tensor(tensors, 'encoder_app_input'),
          morphologies: tensor(tensors, 'encoder_morph_input'),
          adjacency: tensor(tensors, 'encoder_adj_input'),
        });
        return new Map([
          ['encoder_centroid_input', centroids],
          ['relu_nef', embedding],
        ]);
      },
    },
    {
      name: 'Tracker',
      version: 1,
      inputs: [
        floats('current_embeddings', [-1, 8, -1, 64]),
        floats('current_centroids', [-1, 8, -1, 2]),
        floats('future_embeddings', [-1, 1, -1, 64]),
        floats('future_centroids', [-1, 1, -1, 2]),
      ],
      outputs: [floats('softmax', [-1, 1, -1, -1, 3])],
      predict: (tensors) =>
        new Map([
          [
            'softmax',
            compareWith(inference, {
              currentEmbeddings: tensor(tensors, 'current_embeddings'),
              currentCentroids: tensor(tensors, 'current_centroids'),
              futureEmbeddings: tensor(tensors, 'future_embeddings'),
              futureCentroids: tensor(tensors, 'future_centroids'),
            }),
          ],
        ]),
    },
  ];
}
