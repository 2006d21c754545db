import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deployment } from '../../../bench/harness/deployment.ts';
import { JOB_KINDS } from '../../../bench/harness/job-kinds.ts';
import { openMemoryCgroup } from '../../../bench/harness/memory-cgroup.ts';

const LIMIT_MIB = 512;
const JOBS = 20;

for (const kind of JOB_KINDS) {
  for (const size of [1024, 2048]) {
    test(`in ${LIMIT_MIB} MiB ${JOBS} jobs of ${size}² at once end done and the kernel ends nobody: ${kind.name}`, async (t) => {
      const cgroup = openMemoryCgroup(`kiosk-soak-${process.pid}-${size}`, LIMIT_MIB);
      if (cgroup === undefined) {
        t.skip(
          'This machine lets us make no control group with a memory limit: run it as root on Linux.',
        );
        return;
      }
      const deployment = await Deployment.open();
      t.after(async () => {
        await deployment.close();
        cgroup.remove();
      });
      await deployment.upload('upload/image.tif', kind.image(size));
      const consumer = await deployment.startConsumer({ kind, name: 'limited', cgroup });
      // Throws if a job is not done, or the consumer ended.
      const seconds = await deployment.work(consumer, JOBS, 'upload/image.tif');
      t.diagnostic(
        `${(JOBS / seconds).toFixed(2)} images/s, at most ${cgroup.peakMiB().toFixed(0)} MiB with page cache`,
      );
      assert.equal(cgroup.kills(), 0);
    });
  }
}
