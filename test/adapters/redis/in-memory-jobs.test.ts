import { openInMemoryWorld } from './in-memory-world.ts';
import { jobsContract } from './jobs-contract.ts';

jobsContract('jobs in memory', { open: openInMemoryWorld, close: async () => {} });
