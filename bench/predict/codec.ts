import { payloadOf } from '../../src/adapters/model-server/protobuf/pieces.ts';
import { PredictResponse } from '../../src/adapters/model-server/tf-serving/messages.ts';
import { tfServing } from '../../src/adapters/model-server/tf-serving/protocol.ts';
import { tensorProto } from '../../src/stand-in-server/tensor-proto.ts';
import { tensorOf } from './load.ts';
import { type Row, show } from './row.ts';
import { ECHO } from './server.ts';

const BYTES = 16 * 2 ** 20;
const REPEATS = 30;

/** Encoding a request and decoding a reply of 16 MiB, against one copy of as many bytes. */
export function measureCodec(): Row[] {
  const tensor = tensorOf(16, BYTES / 16);
  const copyMs = leastMs(copyOf(tensor.data));
  const encodeMs = leastMs(encodingOf(tensor));
  const decodeMs = leastMs(decodingOf(tensor));
  return [show({ what: 'encode + decode 16 MiB', copies: (encodeMs + decodeMs) / copyMs })];
}

type Tensor = ReturnType<typeof tensorOf>;

/** Prepares one run, which is not measured, and returns what is. */
type Task = () => () => unknown;

function copyOf(data: Float32Array): Task {
  const source = Float32Array.from(data);
  const target = new Float32Array(data.length);
  return () => () => target.set(source);
}

/** As gRPC has it done: the request copies itself into the frame that is sent. */
function encodingOf({ shape, data }: Tensor): Task {
  const inputs = [{ name: 'image', type: 'float32', shape, parts: [data] }] as const;
  const call = { model: ECHO, inputs };
  const frame = Buffer.alloc(BYTES + 1024);
  return () => () => payloadOf(tfServing.predictRequest(call, 'serving_default')).copy(frame, 5);
}

/** Decoding uses its message up, so each run gets a copy. */
function decodingOf(tensor: Tensor): Task {
  const proto = tensorProto(tensor, { type: 'float32', form: 'typed' });
  const reply = PredictResponse.encode({ outputs: new Map([['prediction', proto]]) });
  return () => {
    const message = Buffer.from(reply);
    return () => tfServing.predictReply(message);
  };
}

/** The fastest of some runs: others use this machine, too. */
function leastMs(task: Task): number {
  let least = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const run = task();
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
