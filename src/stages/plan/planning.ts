import { planningBytes } from './needed-memory.ts';

/** What all stages that plan passes say of themselves. */
export const PLANNING = {
  name: 'plan',
  concurrency: 8,
  needs: ['raw'],
  adds: ['passes'],
  frees: ['raw'],
  footprint: planningBytes,
} as const;
