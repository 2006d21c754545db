import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelWaits } from '../../../src/flow/running/model-waits.ts';
import type { ModelServer, PredictRequest, Prediction } from '../../../src/ports.ts';

const sick = { name: 'Sick', version: 1 };
const well = { name: 'Well', version: 2 };

/** Servers on which one model works nowhere; predictions of models end when they are told to. */
function given() {
  const answers = new Map<string, PromiseWithResolvers<Prediction>>();
  const models: ModelServer = {
    signature: async () => ({ inputs: [], outputs: [] }),
    predict: ({ model }) => {
      const answer = Promise.withResolvers<Prediction>();
      answers.set(model.name, answer);
      return answer.promise;
    },
    problem: (model) => (model?.name === 'Sick' ? 'Sick:1 works on no model server.' : undefined),
    close: async () => undefined,
  };
  const waits = new ModelWaits(models);
  const ask = (model: PredictRequest['model']): Promise<unknown> =>
    waits.port().predict({
      model,
      inputs: {},
      job: 'a',
      queue: 'predict',
      splittable: true,
      signal: new AbortController().signal,
    });
  return { answers, waits, ask };
}

const prediction: Prediction = { outputs: new Map(), retries: 0 };

test('a wait for a model that works nowhere is in vain, until it ends', async () => {
  const { answers, waits, ask } = given();
  assert.equal(waits.areInVain, false);
  const others = ask(well);
  assert.equal(waits.areInVain, false);
  const first = ask(sick);
  assert.equal(waits.areInVain, true);
  answers.get('Sick')?.reject(new Error('given up'));
  await assert.rejects(first, /given up/);
  assert.equal(waits.areInVain, false);
  answers.get('Well')?.resolve(prediction);
  assert.equal(await others, prediction);
});
