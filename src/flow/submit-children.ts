import type { ChildSpec, Splits } from './family.ts';
import { type Stage, defineStage } from './stage.ts';

const BATCH = 100;

/**
 * The last stage of a split: submits the children as they come, a batch at a time. Leaves how many there are, and notes
 * their keys, which consumers that know no families read.
 */
export const submitChildren: Stage<Splits, { submitted: number }, 'children'> = defineStage({
  name: 'submit_children',
  concurrency: 8,
  timing: 'children_upload_time',
  frees: ['children'],
  run: async ({ children }: Splits, { family, note }) => {
    const keys: string[] = [];
    let place = 0;
    let batch: (ChildSpec & { readonly place: number })[] = [];
    for await (const child of children) {
      batch.push({ ...child, place: place++ });
      // The first goes at once, so that work begins while the rest is read.
      if (batch.length < BATCH && place > 1) continue;
      keys.push(...(await family.submit(batch)));
      batch = [];
    }
    if (batch.length > 0) keys.push(...(await family.submit(batch)));
    note({ children: keys.join(',') });
    return { submitted: place };
  },
});
