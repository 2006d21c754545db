import type { KernelFact } from '../../facts/kernels.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';

/** Translates what happens on the compute threads into metrics. */
export function recordKernels(recorder: Recorder): (fact: KernelFact) => void {
  let busy = 0;
  return (fact) => {
    const { kernel } = fact;
    if (fact.type === 'thread lost') {
      recorder.add(METRICS.threadsLost, {});
      return;
    }
    busy += fact.type === 'kernel started' ? 1 : -1;
    recorder.set(METRICS.threadsBusy, {}, busy);
    if (fact.type === 'kernel started') {
      recorder.observe(METRICS.kernelWait, {}, fact.waitedMs / 1000);
      return;
    }
    recorder.observe(METRICS.kernelDuration, { kernel }, fact.ms / 1000);
    // The series is there before the first error, so that an increase is seen.
    recorder.add(METRICS.kernelErrors, { kernel, code: 'internal' }, 0);
    if (fact.error) recorder.add(METRICS.kernelErrors, { kernel, code: fact.error.code });
  };
}
