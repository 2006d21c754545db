import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { kindAndMessageOf } from '../error-message.ts';
import type { Workflow } from '../flow/workflow.ts';
import { workflowShapeProblems } from '../flow/shape/workflow-shape.ts';
import { resolvePackage } from '../resolve-package.ts';
import { noteAuthorsFile } from './authors/authors-code.ts';
import { complain, guardProcess, tellLateErrors } from './authors/guard-process.ts';
import { importWithin } from './authors/import-within.ts';

/** Longest that a module may take to load. */
const LOAD_MS = 30_000;

/**
 * The workflows of the files at these paths, anywhere on this machine: the default export of a module, or
 * what YAML or JSON declares. The package that they import is this program, whether it is installed beside
 * them or not. What is wrong with them is added to `problems`; `named` says in these who named the path.
 */
export async function loadWorkflowModules(
  paths: readonly string[],
  problems: string[],
  named = 'WORKFLOW_MODULES names',
): Promise<Workflow[]> {
  if (paths.length === 0) return [];
  resolvePackage();
  guardProcess();
  tellLateErrors((said) => problems.push(said));
  const loaded = await Promise.all(paths.map((path) => loadModule(path, problems, named)));
  // Node reports promises that were rejected during loading one turn later.
  await setImmediate();
  tellLateErrors(complain);
  return loaded.flat();
}

async function loadModule(path: string, problems: string[], named: string): Promise<Workflow[]> {
  if (/\.(ya?ml|json)$/i.test(path)) return loadDeclaration(path, problems, named);
  noteAuthorsFile(path);
  try {
    const module = await importWithin(pathToFileURL(path), LOAD_MS);
    const workflow = (module as { readonly default?: unknown }).default;
    const wrong = workflowShapeProblems(workflow);
    if (wrong.length === 0) {
      // Nothing is wrong with its shape.
      const right = workflow as Workflow;
      noteAuthorsFile(path, right.name);
      return [right];
    }
    problems.push(...wrong.map((problem) => `${named} "${path}". ${problem}`));
  } catch (error) {
    problems.push(`${named} "${path}", which cannot be loaded: ${explain(error)}`);
  }
  return [];
}

/** A workflow without code: the library that reads YAML is loaded only for one. */
async function loadDeclaration(
  path: string,
  problems: string[],
  named: string,
): Promise<Workflow[]> {
  try {
    const source = await readFile(path, 'utf8');
    const { readDeclaration } = await import('../declared/read-declaration.ts');
    const declared = readDeclaration(source, path, problems);
    if (declared === undefined) return [];
    const { declaredWorkflow } = await import('../declared/declared-workflow.ts');
    return [declaredWorkflow(declared)];
  } catch (error) {
    problems.push(`${named} "${path}", which cannot be read: ${kindAndMessageOf(error)}`);
    return [];
  }
}

function explain(error: unknown): string {
  const text = kindAndMessageOf(error);
  return /import statement outside a module|Unexpected token 'export'/.test(text)
    ? `${text}. Its package.json must say "type": "module", or its name must end in .mts or .mjs.`
    : text;
}
