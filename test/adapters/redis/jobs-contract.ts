import { after, describe } from 'node:test';
import { claimTests } from './contract/claims.ts';
import { crashTests } from './contract/crashes.ts';
import { cutOffTests } from './contract/cut-offs.ts';
import { failOverTests } from './contract/fail-overs.ts';
import { familyTests } from './contract/families.ts';
import { leaseTests } from './contract/leases.ts';
import { letterTests } from './contract/letters.ts';
import { neighbourTests } from './contract/neighbours.ts';
import { repeatTests } from './contract/repeats.ts';
import { runTests } from './contract/runs.ts';
import type { JobWorld } from './contract/world.ts';

interface Subject {
  /** An empty world for each test. */
  readonly open: () => Promise<JobWorld>;
  readonly close: () => Promise<void>;
}

/** What every implementation of the ports of jobs must do. */
export function jobsContract(name: string, { open, close }: Subject): void {
  const using = async (work: (world: JobWorld) => Promise<void>): Promise<void> => {
    const world = await open();
    try {
      await work(world);
    } finally {
      await world.close();
    }
  };
  describe(name, () => {
    after(close);
    describe('claims', () => claimTests(using));
    describe('crashes', () => crashTests(using));
    describe('cut-offs', () => cutOffTests(using));
    describe('leases', () => leaseTests(using));
    describe('beside Python consumers and the janitor', () => neighbourTests(using));
    describe('after a fail-over', () => failOverTests(using));
    describe('called again', () => repeatTests(using));
    describe('families', () => familyTests(using));
    describe('the same key once more', () => runTests(using));
    describe('dead letters', () => letterTests(using));
  });
}
