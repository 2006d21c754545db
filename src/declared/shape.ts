import { type Node, YAMLMap, isMap, isNode, isScalar, isSeq } from 'yaml';
import { didYouMean } from '../config/nearest.ts';

/** A part of a JSON schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a part of a file stands, and who hears what is wrong with it. */
export interface Place {
  /** Such as `postprocessing.radius`; empty at the top. */
  readonly path: string;
  /** For what has no place of its own because it is missing. */
  readonly around: Node | undefined;
  readonly tell: (message: string, node: Node | undefined) => void;
}

/**
 * What a part of a declaration may be: how it is read, and its JSON schema. The table of a declaration is
 * made of these.
 */
export interface Shape<Value> {
  /** What is allowed, in words that follow "must be". */
  readonly allowed: string;
  readonly schema: JsonSchema;
  /** Undefined if something is wrong, which has been told. */
  readonly read: (node: unknown, place: Place) => Value | undefined;
}

/** A member of an object. */
export interface Member<Value> {
  readonly shape: Shape<NonNullable<Value>>;
  readonly summary: string;
  /** As it may be written; a member that has none may be left out. */
  readonly example?: string;
  readonly fallback: Value | undefined;
}

export type Members = Readonly<Record<string, Member<unknown>>>;

/** What an object with these members is read as. */
export type ValuesOf<Of extends Members> = {
  readonly [Name in keyof Of]: Of[Name] extends Member<infer Value> ? Value : never;
};

/** A member that must be there. */
export function required<Value>(
  shape: Shape<NonNullable<Value>>,
  summary: string,
  example: string,
): Member<Value> {
  return { shape, summary, example, fallback: undefined };
}

/** A member that may be left out. */
export function optional<Value>(
  shape: Shape<NonNullable<Value>>,
  summary: string,
): Member<Value | undefined>;
export function optional<Value>(
  shape: Shape<NonNullable<Value>>,
  summary: string,
  fallback: NoInfer<Value>,
): Member<Value>;
export function optional<Value>(
  shape: Shape<NonNullable<Value>>,
  summary: string,
  fallback?: Value,
): Member<Value | undefined> {
  return { shape, summary, fallback };
}

/** Text that matches a pattern. */
export function text(pattern: RegExp, allowed: string): Shape<string> {
  const schema = { type: 'string', pattern: pattern.source };
  return leaf(allowed, schema, (value) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined,
  );
}

/** A number from `min` on, or above it. */
export function number(
  allowed: string,
  {
    min,
    max,
    above,
    whole = false,
  }: {
    readonly min?: number;
    readonly max?: number;
    readonly above?: number;
    readonly whole?: boolean;
  },
): Shape<number> {
  const schema = {
    type: whole ? 'integer' : 'number',
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(above !== undefined && { exclusiveMinimum: above }),
  };
  return leaf(allowed, schema, (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    if (whole && !Number.isInteger(value)) return undefined;
    if (value > (max ?? Infinity)) return undefined;
    return value >= (min ?? -Infinity) && value > (above ?? -Infinity) ? value : undefined;
  });
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Shape<Word> {
  const [only] = words;
  const allowed = words.length === 1 && only ? only : `one of ${words.join(', ')}`;
  const find = (value: unknown): Word | undefined => words.find((word) => word === value);
  return leaf(allowed, { enum: words }, find, words);
}

function leaf<Value>(
  allowed: string,
  schema: JsonSchema,
  find: (value: unknown) => Value | undefined,
  words: readonly string[] = [],
): Shape<Value> {
  const read = (node: unknown, { path, around, tell }: Place): Value | undefined => {
    const value = isScalar(node) ? node.value : undefined;
    const found = isScalar(node) ? find(value) : undefined;
    if (found !== undefined) return found;
    const hint = typeof value === 'string' ? didYouMean(value, words) : '';
    tell(`${path} is ${inWords(node)}, but must be ${allowed}.${hint}`, nodeOr(node, around));
    return undefined;
  };
  return { allowed, schema, read };
}

/** Either of two, told by whether it is a number. */
export function numberOr<Value>(
  numbers: Shape<number>,
  other: Shape<Value>,
): Shape<number | Value> {
  return {
    allowed: `${numbers.allowed}, or ${other.allowed}`,
    schema: { anyOf: [numbers.schema, other.schema] },
    read: (node, place) => {
      const isNumber = isScalar(node) && typeof node.value === 'number';
      return isNumber ? numbers.read(node, place) : other.read(node, place);
    },
  };
}

/** Some of a kind, at least one. */
export function list<Value>(
  of: Shape<Value>,
  { most }: { readonly most: number },
): Shape<readonly Value[]> {
  const allowed = `a list, each of which is ${of.allowed}`;
  return {
    allowed,
    schema: { type: 'array', items: of.schema, minItems: 1, maxItems: most },
    read: (node, place) => {
      const { path, around, tell } = place;
      if (!isSeq(node)) {
        tell(`${path} is ${inWords(node)}, but must be ${allowed}.`, nodeOr(node, around));
        return undefined;
      }
      const count = node.items.length;
      if (count === 0 || count > most) {
        tell(`${path} has ${count} entries, but must have 1 to ${most}: ${of.allowed}.`, node);
        return undefined;
      }
      const read = node.items.map((item, at) =>
        of.read(item, { ...place, around: node, path: `${path}[${at}]` }),
      );
      return read.every((value) => value !== undefined) ? read : undefined;
    },
  };
}

/** An object with these members and no others. */
export function object<const Of extends Members>(members: Of): Shape<ValuesOf<Of>> {
  const names = Object.keys(members);
  const allowed = `an object with ${names.join(', ')}`;
  return {
    allowed,
    schema: objectSchema(members),
    read: (node, place) => {
      if (!isMap(node)) {
        const what = place.path === '' ? 'The file' : place.path;
        place.tell(
          `${what} is ${inWords(node)}, but must be ${allowed}.`,
          nodeOr(node, place.around),
        );
        return undefined;
      }
      const within = { ...place, around: node };
      for (const { key } of node.items) refuseUnknown(key, names, within);
      const values = Object.entries(members).map(
        ([name, member]) => [name, readMember(name, member, node.get(name, true), within)] as const,
      );
      // Each member was read by its own shape.
      return Object.fromEntries(values) as ValuesOf<Of>;
    },
  };
}

/** What one of several kinds of object is read as: `name` says of which kind it is. */
export type VariantOf<Name extends string, Kinds extends Readonly<Record<string, Members>>> = {
  readonly [Kind in keyof Kinds & string]: Readonly<Record<Name, Kind>> & ValuesOf<Kinds[Kind]>;
}[keyof Kinds & string];

/** One of several kinds of object, each with members of its own; the member `name` says which, and is required. */
export function variants<
  const Name extends string,
  const Kinds extends Readonly<Record<string, Members>>,
>(name: Name, summary: string, kinds: Kinds): Shape<VariantOf<Name, Kinds>> {
  const words = Object.keys(kinds);
  const [example = ''] = words;
  const kindOf = (kind: string) =>
    object({ [name]: required(choice([kind]), summary, kind), ...kinds[kind] });
  const any = object({ [name]: required(choice(words), summary, example) });
  return {
    allowed: `an object with ${name}, which is ${words.join(' or ')}`,
    schema: { oneOf: words.map((word) => kindOf(word).schema) },
    read: (node, place) => {
      const kind = isMap(node) ? node.get(name) : undefined;
      const isKnown = typeof kind === 'string' && words.includes(kind);
      const members = isMap(node) && !isKnown ? onlyMember(node, name) : node;
      // Read as the kind that it says it is.
      return (isKnown ? kindOf(kind) : any).read(members, place) as
        VariantOf<Name, Kinds> | undefined;
    },
  };
}

/** The same object without its other members: of what kind they are to be is not known. */
function onlyMember(node: YAMLMap, name: string): YAMLMap {
  const only = new YAMLMap();
  only.items = node.items.filter(({ key }) => isScalar(key) && key.value === name);
  only.range = node.range ?? null;
  return only;
}

function refuseUnknown(key: unknown, names: readonly string[], { path, tell }: Place): void {
  const name = isScalar(key) ? String(key.value) : inWords(key);
  if (names.includes(name)) return;
  const where = path === '' ? 'a workflow' : `"${path}"`;
  const hint = didYouMean(name, names) || ` There are ${names.join(', ')}.`;
  tell(`"${name}" is no setting of ${where}.${hint}`, isNode(key) ? key : undefined);
}

function readMember(
  name: string,
  { shape, summary, example, fallback }: Member<unknown>,
  node: unknown,
  { path, around, tell }: Place,
): unknown {
  const within = path === '' ? name : `${path}.${name}`;
  if (node !== undefined) return shape.read(node, { path: within, around, tell });
  if (example !== undefined) {
    tell(`"${within}" is missing. ${summary} Write, say, ${name}: ${example}`, around);
  }
  return fallback;
}

function objectSchema(members: Members): JsonSchema {
  const properties = Object.entries(members).map(
    ([name, { shape, summary, fallback }]) =>
      [
        name,
        {
          description: summary,
          ...shape.schema,
          ...(fallback !== undefined && { default: fallback }),
        },
      ] as const,
  );
  const needed = Object.entries(members).flatMap(([name, { example }]) =>
    example === undefined ? [] : [name],
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(needed.length > 0 && { required: needed }),
    additionalProperties: false,
  };
}

function nodeOr(node: unknown, around: Node | undefined): Node | undefined {
  return isNode(node) ? node : around;
}

const LONGEST = 60;

/** What stands there, as people read it. */
function inWords(node: unknown): string {
  if (isMap(node)) return 'an object';
  if (isSeq(node)) return 'a list';
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string') return `"${value.slice(0, LONGEST)}"`;
  return value === null || value === undefined ? 'empty' : JSON.stringify(value);
}
