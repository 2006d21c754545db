import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSION } from '../../consumer/version.ts';
import { KnownError, messageOf } from '../../errors.ts';
import { newFiles } from './new-files.ts';

/**
 * Makes a folder with a workflow, its test, a sample image and what an editor needs. `spec` is what
 * package.json asks for of this program: a version, or the path of a package that `npm pack` made.
 */
export async function newWorkflow(name: string, spec = VERSION): Promise<number> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    const allowed = 'small letters, digits and dashes, with a letter first';
    throw new KnownError('bad_usage', `"${name}" is no name of a workflow: ${allowed}.`);
  }
  try {
    await mkdir(name);
  } catch (cause) {
    const why = messageOf(cause);
    throw new KnownError('bad_usage', `The folder cannot be created: ${why}`, { cause });
  }
  const files = newFiles(name, spec);
  for (const [file, content] of Object.entries(files)) await writeFile(join(name, file), content);
  process.stdout.write(
    `${Object.keys(files)
      .map((file) => join(name, file))
      .join('\n')}\n`,
  );
  process.stdout.write(`Next: cd ${name} && npm install && npm test\n`);
  return 0;
}
