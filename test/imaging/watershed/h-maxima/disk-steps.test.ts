import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskSteps } from '../../../../src/imaging/watershed/h-maxima/disk-steps.ts';

test('the steps of a disk are all within its radius, the nearest first, in the rows of the plane', () => {
  assert.deepEqual([...diskSteps(1, 100).all], [-100, -1, 1, 100]);
  const { all } = diskSteps(2, 100);
  assert.equal(all.length, 12);
  assert.deepEqual(
    [...all.subarray(8)].toSorted((a, b) => a - b),
    [-200, -2, 2, 200],
  );
});

test('without neighbours every step is uncovered, with all eight none is', () => {
  const disk = diskSteps(2, 100);
  assert.deepEqual(disk.uncovered(0), disk.all);
  assert.deepEqual([...disk.uncovered(255)], []);
});

test('small disks are kept for the next image, a few of them', () => {
  const first = diskSteps(3, 50);
  assert.equal(diskSteps(3, 50), first);
  assert.notEqual(diskSteps(3, 51), first);
  for (let stride = 60; stride < 64; stride++) diskSteps(3, stride);
  assert.notEqual(diskSteps(3, 50), first);
  assert.notEqual(diskSteps(16, 50), diskSteps(16, 50));
});
