import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { sharedFloat32 } from '../../../src/imaging/array.ts';
import type { ComputePool } from '../../../src/ports.ts';
import { type SampleKernels, arrived, closedGate, open } from './sample-kernels.ts';

export const never = new AbortController().signal;

/** What every compute pool does, whatever it runs kernels on. */
export function describeComputePool(name: string, make: () => ComputePool<SampleKernels>): void {
  const start = (t: TestContext): ComputePool<SampleKernels> => {
    const pool = make();
    t.after(() => pool.close());
    return pool;
  };

  describe(`${name}, as any compute pool`, () => {
    it('returns what the kernel returns', async (t) => {
      assert.equal(await start(t).run('double', { value: 21 }, never), 42);
    });

    it('tells the names of its kernels', async (t) => {
      assert.ok((await start(t).names()).includes('double'));
    });

    it('passes arrays in shared memory by reference, both ways', async (t) => {
      const data = sharedFloat32(3);
      const result = await start(t).run('increment', data, never);
      assert.deepEqual([...data], [1, 1, 1]);
      result[0] = 7;
      assert.equal(data[0], 7);
    });

    it('copies other arrays', async (t) => {
      const data = new Float32Array(3);
      const result = await start(t).run('increment', data, never);
      assert.deepEqual([...data], [0, 0, 0]);
      assert.deepEqual([...result], [1, 1, 1]);
    });

    it('keeps the code, message, details and stack of a known error', async (t) => {
      const pool = start(t);
      await assert.rejects(pool.run('refuse', { code: 'corrupt_image' }, never), (error) => {
        assert.ok(error instanceof KnownError);
        assert.equal(error.code, 'corrupt_image');
        assert.equal(error.kind, 'bad_input');
        assert.equal(error.message, 'The image a.tif ends after 3 of 9 rows.');
        assert.deepEqual(error.details, { rows: 9 });
        assert.match(String((error.cause as Error).stack), /sample-kernels\.ts/);
        return true;
      });
    });

    it('makes any other error an internal one, and goes on', async (t) => {
      const pool = start(t);
      await assert.rejects(pool.run('breakDown', null, never), (error) => {
        assert.ok(error instanceof KnownError);
        assert.equal(error.code, 'internal');
        assert.equal(error.message, 'Internal error: undefined is not a function');
        assert.match(String((error.cause as Error).stack), /sample-kernels\.ts/);
        return true;
      });
      assert.equal(await pool.run('double', { value: 2 }, never), 4);
    });

    it('says when there is not enough memory for an array', async (t) => {
      const pool = start(t);
      await assert.rejects(pool.run('allocateTooMuch', null, never), { code: 'out_of_memory' });
    });

    it('fails a call whose result cannot be passed on, and goes on', async (t) => {
      const pool = start(t);
      await assert.rejects(pool.run('returnFunction', null, never), { code: 'internal' });
      assert.equal(await pool.run('double', { value: 3 }, never), 6);
    });

    it('does not start a call that was given up before', async (t) => {
      const reason = new KnownError('shutting_down', 'Stopping.');
      const gate = closedGate();
      await assert.rejects(start(t).run('passGate', gate, AbortSignal.abort(reason)), reason);
      assert.equal(gate[1], 0);
    });

    it('gives up a kernel that runs, with the reason of the signal', async (t) => {
      const pool = start(t);
      const gate = closedGate();
      const stop = new AbortController();
      const call = pool.run('passGate', gate, stop.signal);
      await arrived(gate, 1);
      assert.equal(pool.load().running, 1);
      const reason = new KnownError('stage_timeout', 'Too long.');
      stop.abort(reason);
      await assert.rejects(call, reason);
      open(gate);
    });
  });
}
