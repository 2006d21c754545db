/* A process of the fuzzer: judges the inputs that it is sent, one after the other. */
import { judge } from './judge.ts';
import { TARGETS } from './targets.ts';

const [, , format = ''] = process.argv;
const target = TARGETS[format];
if (target === undefined) throw new Error(`There is no format "${format}".`);
process.on('message', (bytes: Uint8Array) => {
  void judge(target, bytes).then((verdict) => process.send?.(verdict));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
