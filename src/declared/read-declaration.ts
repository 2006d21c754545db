import { LineCounter, type Node, isNode, parseDocument, visit } from 'yaml';
import { DECLARATION, type Declaration } from './declaration.ts';
import { togetherProblems } from './output-problems.ts';

interface Problem {
  readonly offset: number;
  readonly message: string;
}

/**
 * A declaration in YAML or JSON, which is YAML too. `problems` gets a line for each mistake:
 * `FILE:LINE:COLUMN: sentence`.
 */
export function readDeclaration(
  source: string,
  file: string,
  problems: string[],
): Declaration | undefined {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const found: Problem[] = document.errors.map(({ code, message, pos: [offset] }) => ({
    offset,
    message:
      code === 'DUPLICATE_KEY' ? 'This is set twice; keep one.' : `This is no YAML: ${message}`,
  }));
  const tell = (message: string, node: Node | undefined): void => {
    found.push({ offset: node?.range?.[0] ?? 0, message });
  };
  // What is merged or repeated by reference has no place of its own to speak of.
  visit(document, {
    Alias: (_, alias) => tell('References (*name) are not read here; write it out.', alias),
  });
  const read =
    found.length > 0
      ? undefined
      : DECLARATION.read(document.contents, { path: '', around: undefined, tell });
  if (read !== undefined && found.length === 0) {
    for (const { members, message } of togetherProblems(read)) {
      const node = members.map((name) => document.get(name, true)).find(isNode);
      tell(message, node);
    }
  }
  for (const { offset, message } of found.toSorted((one, other) => one.offset - other.offset)) {
    const { line, col } = lines.linePos(offset);
    problems.push(`${file}:${line}:${col}: ${message}`);
  }
  return found.length === 0 ? read : undefined;
}
