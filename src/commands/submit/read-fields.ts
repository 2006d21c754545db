import { KnownError } from '../../errors.ts';
import type { FieldUpdates } from '../../ports.ts';

/** Fields that say which job it is and how far; the user may not set them. */
const OURS = [
  'original_name',
  'input_file_name',
  'url',
  'status',
  'created_at',
  'updated_at',
  'identity_upload',
];

/** The fields that `--field NAME=VALUE` gives; `bad_usage` if one is not of that form. */
export function readFields(words: readonly string[]): FieldUpdates {
  return Object.fromEntries(words.map(readField));
}

function readField(word: string): [name: string, value: string] {
  const [, name, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) {
    const form = 'NAME=VALUE, as in channels=0,1';
    throw new KnownError('bad_usage', `--field is "${word}", but must be ${form}.`);
  }
  if (OURS.includes(name)) {
    throw new KnownError('bad_usage', `--field must not set ${name}: submit writes it itself.`);
  }
  return [name, value];
}
