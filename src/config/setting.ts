/** One environment variable: how its text is read, what it is when unset, and what it means. */
export interface Setting<Value> {
  readonly name: string;
  /** Older names, read when the first is not set. */
  readonly aliases: readonly string[];
  readonly fallback: Value;
  /** One sentence for docs/SETTINGS.md. */
  readonly summary: string;
  /** The values allowed, in words. */
  readonly allowed: string;
  /** Never printed. */
  readonly secret: boolean;
  /** True for texts that count as unset, because something else than a person wrote them. */
  readonly ignores?: (text: string) => boolean;
  /** The value of a text, or undefined if the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

/** The values of a record of settings. */
export type SettingValues<Settings> = {
  readonly [Key in keyof Settings]: Settings[Key] extends Setting<infer Value> ? Value : never;
};

interface Options {
  readonly aliases?: readonly string[];
  /** What a text may be, in words. */
  readonly allowed?: string;
  readonly secret?: boolean;
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A served model and its version, as in `NuclearSegmentation:6`. */
export interface Model {
  readonly name: string;
  readonly version: number;
}

function declare<Value>(
  name: string,
  fallback: Value,
  summary: string,
  kind: Pick<Setting<Value>, 'allowed' | 'parse'>,
  options: Options = {},
): Setting<Value> {
  return {
    name,
    fallback,
    summary,
    ...kind,
    aliases: options.aliases ?? [],
    secret: options.secret ?? false,
  };
}

function words({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function inRange(value: number, { min = -Infinity, max = Infinity }: Range): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MODEL = /^([^:\s]+):(\d+)$/;
const TRUE = ['true', 'yes', 'on', '1', 't', 'y'];
const FALSE = ['false', 'no', 'off', '0', 'f', 'n'];
const BYTES = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(i?))?b?$/i;
const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3 };
/** What Kubernetes puts into `<SERVICE>_PORT` for each service of a namespace. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//i;

/**
 * The kinds of settings. Each takes the variable's name, its default, and a sentence on what it means.
 *
 * @example
 * const settings = {
 *   model: setting.model('MINE_MODEL', 'Mine:1', 'Model that finds nuclei.'),
 *   level: setting.number('MINE_LEVEL', 0.5, 'Least brightness.', { min: 0 }),
 * };
 */
export const setting = {
  text(name: string, fallback: string, summary: string, options?: Options): Setting<string> {
    const kind = { allowed: options?.allowed ?? 'text', parse: (text: string): string => text };
    return declare(name, fallback, summary, kind, options);
  },

  integer(
    name: string,
    fallback: number,
    summary: string,
    range: Range & Options = {},
  ): Setting<number> {
    const parse = (text: string): number | undefined =>
      /^[+-]?\d+$/.test(text) ? inRange(Number(text), range) : undefined;
    return declare(
      name,
      fallback,
      summary,
      { allowed: `a whole number${words(range)}`, parse },
      range,
    );
  },

  number(
    name: string,
    fallback: number,
    summary: string,
    range: Range & Options = {},
  ): Setting<number> {
    const parse = (text: string): number | undefined =>
      NUMBER.test(text) ? inRange(Number(text), range) : undefined;
    return declare(name, fallback, summary, { allowed: `a number${words(range)}`, parse }, range);
  },

  fraction(name: string, fallback: number, summary: string): Setting<number> {
    return setting.number(name, fallback, summary, { min: 0, max: 1 });
  },

  /** A duration; the value is in seconds. */
  seconds(name: string, fallback: number, summary: string, range: Range = {}): Setting<number> {
    const bounds = { min: 0, ...range };
    const declared = setting.number(name, fallback, summary, bounds);
    return { ...declared, allowed: `seconds${words(bounds)}` };
  },

  /** A port. `tcp://10.0.0.1:6379` counts as unset: Kubernetes sets such variables by itself. */
  port(name: string, fallback: number, summary: string, range: Range = {}): Setting<number> {
    const declared = setting.integer(name, fallback, summary, { min: 1, max: 65_535, ...range });
    return { ...declared, ignores: (text) => SERVICE_LINK.test(text) };
  },

  /** A number of bytes, with an optional unit: `512MiB` and `512Mi` are 2²⁹, `1GB` and `1G` are 10⁹. */
  bytes(name: string, fallback: number, summary: string): Setting<number> {
    const parse = (text: string): number | undefined => {
      const [, digits, unit = '', binary = ''] = BYTES.exec(text) ?? [];
      const base = binary === '' ? 1000 : 1024;
      return digits === undefined
        ? undefined
        : Math.round(Number(digits) * base ** (POWERS[unit.toLowerCase()] ?? 0));
    };
    return declare(name, fallback, summary, { allowed: 'bytes, as in 268435456 or 256MiB', parse });
  },

  /** As python-decouple reads them. */
  boolean(name: string, fallback: boolean, summary: string): Setting<boolean> {
    const parse = (text: string): boolean | undefined => {
      const lower = text.toLowerCase();
      return TRUE.includes(lower) ? true : FALSE.includes(lower) ? false : undefined;
    };
    return declare(name, fallback, summary, { allowed: 'true or false', parse });
  },

  /** One of a few words, in any case. */
  choice<const Choice extends string>(
    name: string,
    fallback: Choice,
    summary: string,
    choices: readonly Choice[],
  ): Setting<Choice> {
    const parse = (text: string): Choice | undefined =>
      choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    return declare(name, fallback, summary, { allowed: `one of ${choices.join(', ')}`, parse });
  },

  /** A served model and its version. */
  model(name: string, fallback: string, summary: string, options?: Options): Setting<Model> {
    const parse = (text: string): Model | undefined => {
      const [, model, version] = MODEL.exec(text) ?? [];
      return model === undefined ? undefined : { name: model, version: Number(version) };
    };
    const value = parse(fallback);
    if (value === undefined) throw new RangeError(`${name}: "${fallback}" is not a model.`);
    return declare(
      name,
      value,
      summary,
      { allowed: 'a model, as in NuclearSegmentation:6', parse },
      options,
    );
  },

  /** The address of a server that speaks HTTP. */
  url(name: string, summary: string): Setting<string> {
    const parse = (text: string): string | undefined =>
      /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined;
    return declare(name, '', summary, { allowed: 'an http:// or https:// URL', parse });
  },

  /** Words separated by commas. */
  list(name: string, summary: string, options?: Options): Setting<readonly string[]> {
    const parse = (text: string): string[] => text.split(',').flatMap((word) => word.trim() || []);
    const kind = { allowed: options?.allowed ?? 'a comma-separated list', parse };
    return declare<readonly string[]>(name, [], summary, kind, options);
  },
};

/**
 * A setting that may be left unset; `meaning` says what happens then.
 *
 * @example
 * const limit = optional(setting.integer('MINE_LIMIT', 100, 'Most cells.'), 'no limit');
 */
export function optional<Value>(
  declared: Setting<Value>,
  meaning: string,
): Setting<Value | undefined> {
  return {
    ...declared,
    fallback: undefined,
    allowed: `${declared.allowed}; unset: ${meaning}`,
  };
}

/** The beginning of the variables of a workflow: `MY_FLOW` of `my-flow`. */
export function variablePrefix(workflow: string): string {
  return workflow.toUpperCase().replaceAll('-', '_');
}
