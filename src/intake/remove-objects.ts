import { classify } from '../errors.ts';
import { inOrder } from '../flow/in-order.ts';
import type { Bucket, JobFamilies } from '../ports.ts';

interface Removal {
  readonly families: JobFamilies;
  readonly bucket: Pick<Bucket, 'remove'>;
  readonly signal: AbortSignal;
}

const AT_A_TIME = 8;

/**
 * Removes the objects that children of failed parents have left. Those that the bucket will not remove are left to
 * expire; while it is unavailable, they are kept in mind.
 */
export async function removeObjects({ families, bucket, signal }: Removal): Promise<void> {
  for (;;) {
    const objects = await families.temporaryObjects();
    if (objects.length === 0) return;
    const over: string[] = [];
    const ends = inOrder(objects, AT_A_TIME, async (object) => ({
      object,
      isOver: await isOver(object, { bucket, signal }),
    }));
    for await (const end of ends) if (end.isOver) over.push(end.object);
    await families.forgetObjects(over);
    if (over.length < objects.length) return;
  }
}

async function isOver(
  object: string,
  { bucket, signal }: Omit<Removal, 'families'>,
): Promise<boolean> {
  try {
    await bucket.remove(object, signal);
    return true;
  } catch (error) {
    return classify(error).kind !== 'unavailable' && !signal.aborted;
  }
}
