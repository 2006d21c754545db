import { basename } from 'node:path/posix';

const EMPTY_NAME = /^(common|shared|stuff|lib)$/;
const EMPTY_WORD = /^(utils?|helpers?|misc|managers?)$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** One line for each file or folder whose name says nothing about its contents, or is not in kebab case. */
export function nameProblems(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const parts = file.split('/').map((part) => basename(part).replace(/(\.test|\.d)?\.ts$/, ''));
    const empty = parts.filter(
      (part) => EMPTY_NAME.test(part) || part.split('-').some((word) => EMPTY_WORD.test(word)),
    );
    const odd = parts.filter((part) => !KEBAB_CASE.test(part));
    return [
      ...empty.map((part) => `${file}: "${part}" says nothing; name what is inside`),
      ...odd.map((part) => `${file}: "${part}" must be in kebab-case`),
    ];
  });
}
