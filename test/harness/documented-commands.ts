import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../../src/commands/command-line/help-text.ts';
import { COMMANDS } from '../../src/commands/commands.ts';

/** A command that a page tells people to type. */
export interface DocumentedCommand {
  readonly page: string;
  readonly line: string;
}

const PAGES = ['README.md', '{docs,deploy,grafana}/**/*.md'];
const OURS = new RegExp(
  String.raw`(?:^|[\s(])(?:npx ${PROGRAM}|${PROGRAM}|npm start(?: --silent)? --|node src/main\.ts) [a-z-]`,
);
const NPM_SCRIPT = /\bnpm (?:run (?<script>[\w:-]+)|(?<bare>test))\b/g;
/** In a sentence: the name of any command. */
const ANY = /\bCOMMAND$/;
/** For the key of a job that the reader knows; of a queue that nobody serves where the commands are tried. */
const KEY = 'spot:cells.tif:of-a-reader';

/** The commands of this program that pages and the examples of its help show. */
export function documentedCommands(root: string): DocumentedCommand[] {
  const pages = readPages(root).flatMap(([page, text]) =>
    [...shellLines(text), ...inlineCode(text)].map((line) => ({ page, line })),
  );
  const examples = COMMANDS.flatMap(({ name, examples: shown }) =>
    shown.map(({ words }) => ({ page: `${name} --help`, line: `${PROGRAM} ${words}` })),
  );
  const typed = [...pages, ...examples].map(({ page, line }) => ({
    page,
    line: line
      .replace(/\s+#.*$/, '')
      .replace(ANY, 'version')
      .replaceAll('<key>', KEY),
  }));
  const ours = typed.filter(({ line }) => OURS.test(line));
  return [...new Map(ours.map((command) => [command.line, command])).values()];
}

/** The scripts of package.json that pages name, each with its page. */
export function documentedScripts(root: string): [page: string, script: string][] {
  return readPages(root).flatMap(([page, text]) =>
    [...text.matchAll(NPM_SCRIPT)].map(({ groups }): [string, string] => [
      page,
      groups?.['script'] ?? groups?.['bare'] ?? '',
    ]),
  );
}

function readPages(root: string): [page: string, text: string][] {
  return globSync(PAGES, { cwd: root }).map((page) => [
    page,
    readFileSync(join(root, page), 'utf8'),
  ]);
}

function shellLines(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash|console)\n(.*?)^```/gms)];
  return blocks.flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'));
}

function inlineCode(text: string): string[] {
  const outside = text.replaceAll(/^```.*?^```/gms, '');
  return [...outside.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
