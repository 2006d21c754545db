import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { CallError } from '../../../src/adapters/model-server/call-error.ts';
import type { BatchReply } from '../../../src/adapters/model-server/endpoint.ts';
import type { ProtocolName } from '../../../src/adapters/model-server/model-server-endpoints.ts';
import { KnownError, type ErrorCode } from '../../../src/errors.ts';
import { startModelServer } from '../../../src/stand-in-server/start-model-server.ts';
import type { TensorForm } from '../../../src/stand-in-server/tensor-proto.ts';
import type { TensorType } from '../../../src/ports.ts';
import { double, echo, pair, triple, typed } from '../../stand-in-server/sample-models.ts';
import { callOf, elementsOf, oneEndpoint } from './one-endpoint.ts';

const TYPES: readonly TensorType[] = [
  ...(['float16', 'bfloat16', 'float64'] as const),
  ...(['int8', 'int16', 'int32', 'int64'] as const),
  ...(['uint8', 'uint16', 'uint32'] as const),
];
const models = [double, triple, pair, echo, ...TYPES.map(typed)];
const never = new AbortController().signal;

contract('tfserving', 'typed');
contract('tfserving', 'tensor_content');
contract('kserve', 'typed');

/** What every way to speak to a model server must do, over real sockets. */
function contract(protocol: ProtocolName, tensorForm: TensorForm): void {
  describe(`${protocol}, ${tensorForm} answers`, async () => {
    const server = await startModelServer({
      models,
      tensorForm,
      queuedBatches: 1,
      parallelBatches: 1,
    });
    const { endpoint, ...closable } = await oneEndpoint({ port: server.port, protocol });
    after(async () => {
      await closable[Symbol.asyncDispose]();
      server.close();
    });

    test('tells inputs and outputs in the order of their names', async () => {
      const type = 'float32';
      const typeName = protocol === 'kserve' ? 'FP32' : 'DT_FLOAT';
      assert.deepEqual(await endpoint.signature(pair, never), {
        inputs: [
          { name: 'left', type, typeName, shape: [-1, -1] },
          { name: 'right', type, typeName, shape: [-1, 1] },
        ],
        outputs: [
          { name: 'difference', type, typeName, shape: [-1, -1] },
          { name: 'sum', type, typeName, shape: [-1, -1] },
        ],
      });
    });

    test('answers a probe', async () => {
      await endpoint.probe(never);
    });

    test('frees the memory of a large reply when told to', async () => {
      const { outputs, release } = await endpoint.send(
        callOf(echo, { x: [Array<number>(50_000).fill(2), Array<number>(50_000).fill(3)] }),
      );
      const bytes = outputs.values().next().value?.bytes;
      assert.equal(bytes?.length, 400_000);
      release?.();
      assert.equal(bytes?.length, 0);
    });

    test('predicts rows that lie in several arrays', async () => {
      const reply = await endpoint.send(
        callOf(double, {
          image: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        }),
      );
      assert.deepEqual(values(reply), { doubled: [2, 4, 6, 8, 10, 12] });
      assert.deepEqual(reply.outputs.get('doubled')?.shape, [3, 2]);
    });

    test('asks for the version named, also for version 0', async () => {
      assert.deepEqual(values(await endpoint.send(callOf(triple, { image: [[1, 2]] }))), {
        doubled: [3, 6],
      });
    });

    test('sends several inputs and reads several outputs', async () => {
      const reply = await endpoint.send(
        callOf(pair, {
          right: [[10], [20]],
          left: [
            [1, 2],
            [3, 4],
          ],
        }),
      );
      assert.deepEqual(values(reply), { difference: [-9, -8, -17, -16], sum: [11, 12, 23, 24] });
    });

    test('asks only for the outputs wanted', async () => {
      const call = callOf(pair, { right: [[10]], left: [[1, 2]] }, { outputs: ['sum'] });
      assert.deepEqual(values(await endpoint.send(call)), { sum: [11, 12] });
    });

    for (const type of TYPES) {
      test(`sends and reads ${type} where the model takes it`, async () => {
        const reply = await endpoint.send(
          callOf(
            typed(type),
            {
              x: [
                [1, 0],
                [100, 7],
              ],
            },
            { types: { x: type } },
          ),
        );
        assert.deepEqual(values(reply), { y: [1, 0, 100, 7] });
      });
    }

    test('carries tensors of 6 MiB, wherever they come to lie in the message', async () => {
      const data = Float32Array.from({ length: 3 * 2 ** 19 }, (_, index) => index / 7);
      const reply = await endpoint.send({
        ...callOf(echo, {}),
        inputs: [
          {
            name: 'x',
            type: 'float32',
            shape: [3, 2 ** 19],
            parts: [data.subarray(0, 2 ** 19), data.subarray(2 ** 19)],
          },
        ],
      });
      assert.equal(reply.outputs.size, 5);
      for (const [name, { bytes }] of reply.outputs) {
        assert.ok(Buffer.from(data.buffer).equals(bytes), name);
      }
    });

    test('an unknown model, an unknown version', async () => {
      await fails(
        endpoint.send(callOf({ name: 'None', version: 1 }, { image: [[1, 2]] })),
        'unknown_model',
        /None:1/,
      );
      await fails(
        endpoint.send(callOf({ name: 'Double', version: 9 }, { image: [[1, 2]] })),
        'unknown_model',
        /Double:9/,
      );
      await fails(
        endpoint.signature({ name: 'None', version: 1 }, never),
        'unknown_model',
        /None:1/,
      );
    });

    test('more rows than the server takes: the refusal names its limit', async () => {
      const rows = Array.from({ length: 33 }, () => [1, 2]);
      const error = await fails(
        endpoint.send(callOf(double, { image: rows })),
        'model_rejected',
        /Double:3/,
      );
      assert.deepEqual(error.reason, { type: 'too many rows', maxRows: 32 });
    });

    test('a shape that the model does not take', async () => {
      const error = await fails(
        endpoint.send(callOf(double, { image: [[1, 2, 3]] })),
        'model_rejected',
        /\[1,3\]/,
      );
      assert.deepEqual(error.reason, { type: 'rejected' });
    });

    test('an output that the model does not have', async () => {
      const call = callOf(double, { image: [[1, 2]] }, { outputs: ['none'] });
      await fails(endpoint.send(call), 'model_rejected', /none/);
    });

    test('a full queue is overload that does not count as an attempt', async (context) => {
      server.script([{ type: 'mute' }]);
      context.after(() => server.script([]));
      const giveUp = new AbortController();
      const taken = [0, 1].map(() =>
        endpoint.send(callOf(double, { image: [[1, 2]] }, { signal: giveUp.signal })),
      );
      const refused = taken.map((call) => call.catch((error: unknown) => error));
      while (server.figures().underWay < 2) await new Promise(setImmediate);
      const error = await fails(
        endpoint.send(callOf(double, { image: [[1, 2]] })),
        'model_server_overloaded',
        /queue/,
      );
      assert.deepEqual(error.reason, { type: 'queue full' });
      giveUp.abort(new KnownError('shutting_down', 'stop'));
      for (const one of refused) assert.equal(await one, giveUp.signal.reason);
    });
  });
}

function values({ outputs }: BatchReply): Record<string, number[]> {
  const sorted = Array.from(outputs).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, tensor]) => [name, elementsOf(tensor)]));
}

async function fails(call: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<CallError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return error;
}
