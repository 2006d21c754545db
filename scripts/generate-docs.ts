import { readFileSync, writeFileSync } from 'node:fs';
import { kioskRuleYaml } from '../deploy/kiosk-rule.ts';
import { MANIFESTS, manifestYaml } from '../deploy/manifests.ts';
import { OVERVIEW } from '../grafana/overview.ts';
import { dashboardJson } from '../grafana/panels.ts';
import { rulesYaml } from '../grafana/rules.ts';
import { STAGES } from '../grafana/stages.ts';
import { apiPage } from './docs/api-page.ts';
import { architecturePage } from './docs/architecture-page.ts';
import { errorsPage } from './docs/errors-page.ts';
import { formatsPage } from './docs/formats-page.ts';
import { jobsPage } from './docs/jobs-page.ts';
import { licencesPage } from './docs/licences-page.ts';
import { metricsPage } from './docs/metrics-page.ts';
import { pipelineTypes } from './docs/pipeline-types.ts';
import { schemaFile } from './docs/schema-file.ts';
import { settingsPage } from './docs/settings-page.ts';

/** A page, or part of one, that is made from the code. */
export interface GeneratedPage {
  readonly file: string;
  /** The whole text of the file, made from the code and, where only a part is generated, from the current text. */
  readonly render: (current: string) => string;
}

/** To generate one more page, add it here. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: 'docs/API.md', render: apiPage },
  { file: 'docs/ARCHITECTURE.md', render: architecturePage },
  { file: 'docs/ERRORS.md', render: errorsPage },
  { file: 'docs/FORMATS.md', render: formatsPage },
  { file: 'docs/JOBS.md', render: jobsPage },
  { file: 'docs/LICENCES.md', render: licencesPage },
  { file: 'docs/METRICS.md', render: metricsPage },
  { file: 'docs/SETTINGS.md', render: settingsPage },
  { file: 'docs/workflow.schema.json', render: schemaFile },
  { file: 'src/flow/pipeline-of.ts', render: pipelineTypes },
  { file: 'grafana/dashboards/overview.json', render: () => dashboardJson(OVERVIEW) },
  { file: 'grafana/dashboards/stages.json', render: () => dashboardJson(STAGES) },
  { file: 'grafana/rules/kiosk-redis-consumer.yml', render: rulesYaml },
  { file: 'deploy/kiosk/prometheus-rule.yaml', render: kioskRuleYaml },
  ...Object.keys(MANIFESTS).map((file) => ({
    file: `deploy/kubernetes/${file}`,
    render: () => manifestYaml(file),
  })),
];

/** One line for each page that does not say what the code says. */
export function stalePages(pages = GENERATED_PAGES): string[] {
  return pages
    .filter(({ file, render }) => read(file) !== render(read(file)))
    .map(({ file }) => `${file} is out of date; run: npm run docs`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

if (import.meta.main) {
  for (const { file, render } of GENERATED_PAGES) writeFileSync(file, render(read(file)));
}
