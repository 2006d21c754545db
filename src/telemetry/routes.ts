import type { Health } from './health.ts';
import { type Answer, type Routes, json, text } from './http.ts';
import { runbookRoutes } from './runbooks.ts';
import { STATUS_PAGE } from './status-page.ts';

/** What the kubelet asks. */
export function probeRoutes(health: Health): Routes {
  return {
    '/live': () => {
      const stuck = health.stuck();
      return stuck === undefined ? text(200, 'alive') : text(503, stuck);
    },
    '/ready': () => {
      const reasons = health.notReady();
      const ready = Object.keys(reasons).length === 0;
      return json(ready ? 200 : 503, { ready, reasons, warnings: health.warnings() });
    },
    '/startup': () =>
      health.started() ? text(200, 'started') : text(503, 'Redis has not answered yet.'),
  };
}

interface Views {
  readonly health: Health;
  readonly version: string;
  readonly status: () => Promise<Answer>;
  readonly metrics: () => Promise<Answer>;
}

/** Everything that is served. */
export function allRoutes({ health, version, status, metrics }: Views): Routes {
  return {
    '/': () => STATUS_PAGE,
    ...probeRoutes(health),
    '/status': status,
    '/version': () => json(200, { version }),
    '/metrics': metrics,
    ...runbookRoutes(),
  };
}
