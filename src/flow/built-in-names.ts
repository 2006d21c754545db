/** The names that CONSUMER_TYPE has for built-in workflows, their aliases too: no author's may have one. */
export const BUILT_IN_NAMES = [
  'image',
  'predict',
  'segmentation',
  'mesmer',
  'multiplex',
  'spot',
  'zip',
  'caliban',
  'tracking',
  'polaris',
] as const;

/** A name that a workflow of an author may have: what the compiler says of another is a sentence. */
export type OwnName<Name extends string> = Name extends (typeof BUILT_IN_NAMES)[number]
  ? `There is a built-in workflow ${Name}; give yours another name.`
  : string;
