import type { Family } from '../../src/flow/family.ts';
import type { EndedChild } from '../../src/ports.ts';

/** The part of a family that deals with objects: it accepts every call, and holds none. */
export const noObjects = {
  madeFrom: () => undefined,
  noteObjects: async () => undefined,
  notedObjects: async () => [],
  forgetObjects: async () => undefined,
  dropObjects: async () => undefined,
} satisfies Partial<Family>;

/** A family whose children have ended, and that gets no others. */
export function endedChildren(children: readonly EndedChild[]): Family {
  return {
    submit: () => Promise.reject(new Error('Nothing is submitted here.')),
    ...noObjects,
    async *children() {
      yield* children;
    },
  };
}

/** A child that is done with this result; or has failed, without one. */
export function endedChild(place: number, fields: EndedChild['fields']): EndedChild {
  const outcome = fields['output_file_name'] === undefined ? 'failed' : 'done';
  return { key: `image:${place}`, place, outcome, fields };
}
