/** What authors of workflows get wrong; each is refused before a job is taken, whatever they write in. */
export const MISTAKES = [
  'a wrong order',
  'an unknown kernel',
  'a missing setting',
  'a result of the wrong type',
  'a name that is taken',
  'no delivery',
] as const;

export type Mistake = (typeof MISTAKES)[number];
