import { readFileSync } from 'node:fs';
import type { ErrorCode } from '../errors.ts';
import type { Bottleneck } from './bottleneck.ts';
import { type Routes, text } from './http.ts';

/** The page of docs/runbooks for each reason of `/ready`, by its name. */
const OF_REASONS = {
  redis: 'KioskRedisFailing',
  bucket: 'KioskBreakerOpen',
  bucket_read: 'KioskBreakerOpen',
  bucket_write: 'KioskBreakerOpen',
  models: 'KioskModelServersDown',
  intake: 'KioskIntakeStalled',
} as const;

/** Codes of failed jobs that have a page of their own. */
const OF_CODES: Readonly<Partial<Record<ErrorCode, string>>> = {
  crashed_worker: 'KioskDeadLetters',
  internal: 'KioskInternalErrors',
  out_of_memory: 'KioskNearMemoryBudget',
};

/** What there may be too little of. */
const OF_BOTTLENECKS: Readonly<Record<Bottleneck['lacks'], string>> = {
  places: 'KioskSaturated',
  threads: 'KioskSaturated',
  servers: 'KioskSaturated',
  memory: 'KioskNearMemoryBudget',
  permits: 'KioskSaturated',
};

/** The pages that the status page links to. */
export const RUNBOOK_LINKS = {
  reasons: OF_REASONS,
  codes: OF_CODES,
  /** For codes without a page of their own. */
  failed: 'KioskFailureRatioHigh',
  bottlenecks: OF_BOTTLENECKS,
} as const;

const NAMES = new Set([
  ...Object.values(OF_REASONS),
  ...Object.values(OF_CODES),
  RUNBOOK_LINKS.failed,
  ...Object.values(OF_BOTTLENECKS),
]);

/** The pages as they are written, at `/runbooks/<name>`: an operator at night may reach nothing else. */
export function runbookRoutes(): Routes {
  const routes = Array.from(NAMES, (name) => [`/runbooks/${name}`, () => page(name)] as const);
  return Object.fromEntries(routes);
}

function page(name: string): ReturnType<Routes[string]> {
  const file = new URL(`../../docs/runbooks/${name}.md`, import.meta.url);
  return text(200, readFileSync(file, 'utf8'));
}
