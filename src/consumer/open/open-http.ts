import type { Log } from '../../telemetry/log/log.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { CoreSettings } from '../settings/read-settings.ts';

interface Opening {
  readonly core: CoreSettings;
  readonly log: Log;
}

/** Serves status and metrics, and probes on a port of their own if the settings name one. Closed with `open`. */
export async function openHttp(
  telemetry: Telemetry,
  { core, log }: Opening,
  open: AsyncDisposableStack,
): Promise<void> {
  const { httpHost: host, httpPort, healthPort } = core;
  const all = await telemetry.serve({ host, port: httpPort, variable: 'HTTP_PORT' });
  open.defer(() => all.close());
  log.info({ httpPort: all.port }, `Metrics and status on port ${all.port}`);
  if (healthPort === undefined) return;
  const probes = await telemetry.serveProbes({ host, port: healthPort, variable: 'HEALTH_PORT' });
  open.defer(() => probes.close());
  log.info({ healthPort: probes.port }, `Probes on port ${probes.port}`);
}
