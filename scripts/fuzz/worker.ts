/* A process of the fuzzer: judges the inputs that it is sent, one after the other. */
import { judge } from './judge.ts';
import { TARGETS } from './targets.ts';

const target = TARGETS[process.argv[2] ?? ''];
if (target === undefined) throw new Error(`There is no format "${process.argv[2]}".`);
// The parent sends bytes.
process.on(
  'message',
  (bytes: Uint8Array) => void judge(target, bytes).then((verdict) => process.send?.(verdict)),
);
process.on('disconnect', () => process.exit());
