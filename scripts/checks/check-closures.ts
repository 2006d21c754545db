import type { Node } from 'oxc-parser';
import type { SourceFile } from './check-tests.ts';
import { syntaxOf, visit } from './read-syntax.ts';

const CHECKED = /^src\/imaging\//;

/**
 * One line for each loop in a function that is made at each call of another. The engine keeps machine code only as
 * long as a function that has it, so that it compiles such a loop again and again.
 */
export function closureProblems(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((file) => (CHECKED.test(file.path) ? loopsInClosures(file) : []));
}

function loopsInClosures({ path, source }: SourceFile): string[] {
  let depth = 0;
  const starts: number[] = [];
  const enter = (): void => void depth++;
  const leave = (): void => void depth--;
  const meet = ({ start }: Node): void => {
    if (depth > 1) starts.push(start);
  };
  visit(syntaxOf(path, source), {
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    ForStatement: meet,
    ForOfStatement: meet,
    ForInStatement: meet,
    WhileStatement: meet,
    DoWhileStatement: meet,
  });
  return starts.map((start) => {
    const line = source.slice(0, start).split('\n').length;
    return `${path}:${line} is a loop in a function inside another, whose machine code is lost when garbage is collected: move it into a function of the module`;
  });
}
