/* `npm run sbom`: writes dist/sbom.json, a CycloneDX list of what runs in production, and docs/LICENCES.md. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { licenceProblems, licencesPage } from './docs/licences-page.ts';

// The Dockerfile asks npm for the same.
const ASK = 'sbom --omit=dev --omit=optional --package-lock-only --sbom-format=cyclonedx';

const problems = licenceProblems();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else {
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/sbom.json', execFileSync('npm', ASK.split(' '), { maxBuffer: 2 ** 28 }));
  writeFileSync('docs/LICENCES.md', licencesPage());
}
