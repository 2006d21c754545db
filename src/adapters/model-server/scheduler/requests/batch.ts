import type { ModelName } from '../../../../ports.ts';
import type { WorkItem } from './work-item.ts';

/** At least one item, all of one kind. */
export type Items = readonly [WorkItem, ...WorkItem[]];

/** Items that travel in one call. */
export interface Batch {
  readonly items: Items;
  readonly rows: number;
  readonly bytes: number;
  readonly kind: string;
  readonly model: ModelName;
  /** `NuclearSegmentation:6`. */
  readonly modelId: string;
}

/** The batch of these items, those of one request side by side: their rows are neighbours then. */
export function batchOf(items: Items): Batch {
  const { kind, model, asked } = items[0].request;
  const byRequest = [...Map.groupBy(items, ({ request }) => request).values()].flat();
  return {
    items: isSome(byRequest) ? byRequest : items,
    rows: items.reduce((sum, item) => sum + item.rows, 0),
    bytes: items.reduce((sum, item) => sum + item.bytes, 0),
    kind,
    model: asked.model,
    modelId: model,
  };
}

/** True if there is at least one. */
export function isSome(items: readonly WorkItem[]): items is Items {
  return items.length > 0;
}

/** The items whose requests still wait for them. */
export function wanted(items: readonly WorkItem[]): WorkItem[] {
  return items.filter(({ request }) => !request.settled);
}
