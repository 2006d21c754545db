import { unknownFields } from '../../src/job/known-fields.ts';
import type { SourceFile } from './check-tests.ts';
import { syntaxOf, visit } from './read-syntax.ts';

/** One line for each field that a stage writes to the hash of its job under a name that no list has. */
export function unlistedFields(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, source }) => {
    const written = Object.fromEntries(fieldsWritten(path, source).map((name) => [name, '1']));
    return unknownFields(written, new Set()).map(
      (name) =>
        `${path} writes the field "${name}" to the hash, which no list has: add it to OWN_FIELDS of ` +
        `src/job/known-fields.ts, or to WRITTEN_BY_PROGRAMS if children take it over`,
    );
  });
}

/** The names in `note({ … })`, `flush({ … })` and `timing: '…'`; not those that are made as the program runs. */
function fieldsWritten(path: string, source: string): string[] {
  const names: string[] = [];
  visit(syntaxOf(path, source), {
    CallExpression: ({ callee, arguments: [fields] }) => {
      const name = callee.type === 'MemberExpression' ? callee.property : callee;
      if (name.type !== 'Identifier' || !['note', 'flush'].includes(name.name)) return;
      if (fields?.type !== 'ObjectExpression') return;
      for (const each of fields.properties)
        if (each.type === 'Property' && !each.computed && each.key.type === 'Identifier')
          names.push(each.key.name);
    },
    Property: ({ key, value }) => {
      if (key.type !== 'Identifier' || key.name !== 'timing' || value.type !== 'Literal') return;
      names.push(String(value.value));
    },
  });
  return names;
}
