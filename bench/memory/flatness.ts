import { Deployment } from '../harness/deployment.ts';
import { JOB_KINDS } from '../harness/job-kinds.ts';
import { UsageWatch, residentMiB } from '../harness/process-usage.ts';
import { median } from '../predict/row.ts';
import { type Row, show } from './row.ts';

const SIZE = 64;
/** Jobs after which memory must not grow any more. */
const WARM_UP = 500;
const PER_SAMPLE = 100;

/** Resident memory over many small jobs: a leak of a few bytes a job would show. */
export async function measureFlatness(jobs: number): Promise<Row> {
  const [kind] = JOB_KINDS;
  if (kind === undefined) throw new Error('There is no kind of job to measure.');
  const deployment = await Deployment.open();
  try {
    await deployment.upload('upload/small.tif', kind.image(SIZE));
    const consumer = await deployment.startConsumer({ kind, name: 'small' });
    await deployment.work(consumer, WARM_UP, 'upload/small.tif');
    const watch = new UsageWatch(consumer.process.pid);
    const samples: number[] = [];
    for (let done = 0; done < jobs; done += PER_SAMPLE) {
      await deployment.work(consumer, PER_SAMPLE, 'upload/small.tif');
      samples.push(residentMiB(consumer.process.pid));
    }
    const usage = watch.stop();
    const fifth = Math.ceil(samples.length / 5);
    return show({
      what: `nuclear ${SIZE}²`,
      jobs,
      peakMiB: usage.peakMiB,
      meanMiB: usage.meanMiB,
      imagesPerSecond: jobs / usage.seconds,
      cpuSecondsPerImage: usage.cpuSeconds / jobs,
      growth: median(samples.slice(-fifth)) / median(samples.slice(0, fifth)),
    });
  } finally {
    await deployment.close();
  }
}
