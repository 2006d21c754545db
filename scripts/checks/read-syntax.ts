import { type Program, type VisitorObject, Visitor, parseSync } from 'oxc-parser';

/** The syntax of a source file. Throws for one that cannot be parsed. */
export function syntaxOf(path: string, source: string): Program {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  return program;
}

/** Calls the visitor for each node of its kinds. */
export function visit(program: Program, visitor: VisitorObject): void {
  new Visitor(visitor).visit(program);
}
