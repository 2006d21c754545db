import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comment, type Program, type TSInterfaceDeclaration, parseSync } from 'oxc-parser';

const HEAD = `# What a workflow imports

Everything that \`kiosk-redis-consumer\` and \`kiosk-redis-consumer/testing\` export, as the sources say it. What changes here changes for authors: an addition
is a new minor version, anything else a new major one. [WORKFLOWS.md](WORKFLOWS.md) shows how they are used.
`;

/** The files whose exports authors import, by the name of the import. */
const ENTRIES = {
  'kiosk-redis-consumer': 'src/index.ts',
  'kiosk-redis-consumer/testing': 'src/testing/index.ts',
};
const EXPORTS = /export (?:type )?\{([^}]+)\} from '(\.[^']+)'/g;

/** One export, as its file declares it. */
interface Declared {
  readonly name: string;
  /** Its docstring without the frame. */
  readonly doc: string;
  /** How it is called; empty for what is not a function. */
  readonly signatures: readonly string[];
  /** What it has; empty for what is not an interface. */
  readonly members: readonly Member[];
}

/** A property or method of an interface. */
interface Member {
  /** As the source declares it. */
  readonly code: string;
  readonly doc: string;
}

/** A file, as its parser read it. */
interface Source {
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** The page of the public interface. */
export function apiPage(): string {
  const parts = Object.entries(ENTRIES).map(([name, file]) => {
    const declared = exportsOf(file).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return `## \`${name}\`\n\n${declared.map(entry).join('\n')}`;
  });
  return [HEAD, ...parts].join('\n');
}

/** The examples of each export, as authors read them in their editor. */
export function apiExamples(): ReadonlyMap<string, readonly string[]> {
  const declared = Object.values(ENTRIES).flatMap(exportsOf);
  return new Map(declared.map(({ name, doc }) => [name, examplesIn(doc).examples]));
}

function exportsOf(file: string): Declared[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(EXPORTS)].flatMap(([, names = '', from = '']) => {
    const source = readFileSync(join(file, '..', from), 'utf8');
    return names
      .split(',')
      .map((name) => name.replace(/^\s*type /, '').trim())
      .filter((name) => name !== '')
      .map((name) => declarationOf(name, source));
  });
}

function declarationOf(name: string, source: string): Declared {
  const { program, comments } = parseSync('file.ts', source);
  const read: Source = { text: source, program, comments };
  const found = program.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration === null) return [];
    const { declaration } = node;
    const id =
      declaration.type === 'VariableDeclaration' ? declaration.declarations[0]?.id : declaration.id;
    return id !== undefined && id !== null && 'name' in id && id.name === name
      ? [{ node, declaration }]
      : [];
  });
  const start = found[0]?.node.start ?? 0;
  const signatures = found.flatMap(({ declaration }) => {
    // An implementation below its overloads is nothing that can be called.
    const isCalled = declaration.type === 'TSDeclareFunction' || found.length === 1;
    if (!isCalled || !declaration.type.includes('Function')) return [];
    const end =
      'body' in declaration && declaration.body ? declaration.body.start : declaration.end;
    return [oneLine(source.slice(declaration.start, end))];
  });
  const members = found.flatMap(({ declaration }) =>
    declaration.type === 'TSInterfaceDeclaration' ? membersOf(declaration, read) : [],
  );
  return { name, doc: docBefore(start, read), signatures, members };
}

/** What an interface has, after what it has from those of its file that it extends. */
function membersOf({ body, extends: bases }: TSInterfaceDeclaration, source: Source): Member[] {
  const inherited = bases.flatMap(({ expression }) =>
    expression.type === 'Identifier' ? interfacesOf(source, expression.name) : [],
  );
  const own = body.body.map(({ start, end }) => ({
    code: oneLine(source.text.slice(start, end).replaceAll(/\/\*\*.*?\*\//gs, ''))
      .replace(/^readonly /, '')
      .replaceAll('{ readonly ', '{ ')
      .replaceAll('; readonly ', '; '),
    doc: docBefore(start, source),
  }));
  return [...inherited.flatMap((base) => membersOf(base, source)), ...own];
}

function interfacesOf({ program }: Source, name: string): TSInterfaceDeclaration[] {
  return program.body.flatMap((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    const isIt = declared?.type === 'TSInterfaceDeclaration' && declared.id.name === name;
    return isIt ? [declared] : [];
  });
}

/** The docstring that ends right before a place; empty if there is none. */
function docBefore(start: number, { text, comments }: Source): string {
  const comment = comments.findLast(
    ({ type, end }) => type === 'Block' && end <= start && text.slice(end, start).trim() === '',
  );
  return comment === undefined ? '' : plain(comment.value);
}

/** Code on one line, without what only a line of its own needs. */
function oneLine(code: string): string {
  return code
    .replaceAll(/\s+/g, ' ')
    .replaceAll('( ', '(')
    .replaceAll(/,? \)/g, ')')
    .replaceAll(': | ', ': ')
    .replace(/[;\s]+$/, '');
}

/** The text of a docstring, a line each, without its asterisks. */
function plain(comment: string): string {
  const lines = comment.replace(/^\*/, '').split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

function examplesIn(doc: string): { readonly said: string; readonly examples: string[] } {
  const [said = '', ...examples] = doc.split(/^@example$/m);
  return { said, examples: examples.map((example) => example.trim()) };
}

function entry({ name, doc, signatures, members }: Declared): string {
  const { said, examples } = examplesIn(doc);
  const code = [...signatures, ...examples];
  const text = said.replaceAll(/\s+/g, ' ').trim();
  const block = code.length === 0 ? '' : `\n\`\`\`ts\n${code.join('\n')}\n\`\`\`\n`;
  const list = members.map((member) => `${memberLine(member)}\n`).join('');
  return `### ${name}\n\n${text === '' ? '' : `${text}\n`}${block}${list === '' ? '' : `\n${list}`}`;
}

function memberLine({ code, doc }: Member): string {
  const said = doc.replaceAll(/\s+/g, ' ').trim();
  return `- \`${code}\`${said === '' ? '' : `: ${said}`}`;
}
