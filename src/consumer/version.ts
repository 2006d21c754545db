import { readFileSync } from 'node:fs';

/** The version in package.json. */
export const VERSION = readVersion();

/** Prints it. */
export async function showVersion(): Promise<number> {
  process.stdout.write(`${VERSION}\n`);
  return 0;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
