import { DECLARATION_SCHEMA } from '../../src/declared/declaration.ts';

/** The JSON schema of workflows in YAML or JSON. */
export function schemaFile(): string {
  return `${JSON.stringify(DECLARATION_SCHEMA, null, 2)}\n`;
}
