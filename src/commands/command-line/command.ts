import type { parseArgs } from 'node:util';

/** One option of a command. Help, completion and parsing all read it from here. */
export interface OptionDeclaration {
  readonly type: 'string' | 'boolean';
  readonly summary: string;
  /** What stands for the value in help, for example `SECONDS`. */
  readonly value?: string;
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  /** Whether the command cannot do without it. */
  readonly required?: boolean;
  /** What a shell offers as the value. */
  readonly offers?: Offers;
}

/**
 * What a shell offers: files and folders, folders, one of a few words; or the queues or the fields of jobs
 * that workflows declare, which are looked up when the script for the shell is made.
 */
export type Offers = 'files' | 'folders' | 'queues' | 'fields' | readonly string[];

/** The words after the options. */
export interface Operands {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly offers?: Offers;
}

interface Example {
  readonly words: string;
  readonly shows: string;
}

type OptionTable = Readonly<Record<string, OptionDeclaration>>;

/** A command as help, completion and the way in see it. */
export interface Command {
  readonly name: string;
  /** Older words that mean the same. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly operands?: Operands;
  readonly options: OptionTable;
  readonly examples: readonly Example[];
  /** More for its help, below the options. */
  readonly more?: () => Promise<string>;
  /** Reads the words after the name and does the work. The result is the exit code. */
  readonly run: (words: readonly string[]) => Promise<number>;
}

interface ParseConfig<Options extends OptionTable> {
  readonly args: string[];
  readonly options: Options;
  readonly allowPositionals: true;
  readonly strict: true;
}

/** The values of options by their names, and the operands. */
export interface Given<Options extends OptionTable> {
  readonly values: ReturnType<typeof parseArgs<ParseConfig<Options>>>['values'];
  readonly operands: readonly string[];
}

/** A command whose options are inferred: `run` gets a value of the right type for each. */
export interface CommandDefinition<Options extends OptionTable> extends Omit<
  Command,
  'options' | 'run'
> {
  readonly options: Options;
  readonly run: (given: Given<Options>) => Promise<number>;
}
