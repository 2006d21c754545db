import { runtimeContract } from './runtime-contract.ts';

const FAKE = new URL('../../fakes/onnxruntime-node/index.ts', import.meta.url).href;

runtimeContract('the runtime of the tests', () => FAKE);
