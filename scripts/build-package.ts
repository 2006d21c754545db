/*
 * Makes dist/ for `npm pack`: JavaScript and declarations, because Node strips no types of files in node_modules. The
 * container and a checkout run the sources as they are.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TARGET = 'dist';
/** What the compiler leaves alone: paths in declarations, and files that are loaded by their URL. */
const SOURCE_PATH = /((?:from|import\(|new URL\()\s*['"][^'"\n]*)\.ts(?=['"])/g;

/** A compiled file as it refers to other compiled files. */
export function withCompiledPaths(text: string): string {
  return text.replaceAll(SOURCE_PATH, '$1.js');
}

function build(): void {
  rmSync(TARGET, { recursive: true, force: true });
  const { status } = spawnSync('tsc', ['--project', 'tsconfig.package.json'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The sources do not compile.');
  for (const file of globSync(`${TARGET}/**/*.{js,d.ts}`)) {
    writeFileSync(file, withCompiledPaths(readFileSync(file, 'utf8')));
  }
  for (const asset of globSync('**/*.*', { cwd: 'src', exclude: ['**/*.ts'] })) {
    cpSync(join('src', asset), join(TARGET, asset));
  }
}

if (import.meta.main) build();
