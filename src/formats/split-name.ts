/**
 * A file name, with its folder, and the ending that it has: `['folder/a', '.tif']`. As Python splits names: dots
 * in front begin no ending, so that `.DS_Store` and `...tif` have none.
 */
export function splitName(name: string): readonly [stem: string, ending: string] {
  const base = name.lastIndexOf('/') + 1;
  const dot = name.lastIndexOf('.');
  const isEnding = /[^.]/.test(name.slice(base, Math.max(base, dot)));
  return isEnding ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}
