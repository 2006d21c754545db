import type { PredictFact } from '../../facts/predict.ts';
import { ModelServerClient } from '../../adapters/model-server/model-server-client.ts';
import { modelServerEndpoints } from '../../adapters/model-server/model-server-endpoints.ts';
import { DEFAULT_SCHEDULER_SETTINGS } from '../../adapters/model-server/scheduler/settings.ts';
import { readSecurity } from '../../adapters/model-server/connection/security-files.ts';
import type { Security } from '../../adapters/model-server/connection/security.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { batchRows } from '../../imaging/applications/batch-rows.ts';
import type { MetadataCache } from '../../ports.ts';
import type { CoreSettings } from '../settings/read-settings.ts';

/** Writes nothing. */
export const NO_CACHE: MetadataCache = { put: async () => undefined };

interface Opening {
  readonly core: CoreSettings;
  readonly metadataCache: MetadataCache;
  readonly onPredict: (fact: PredictFact) => void;
  /** Bytes of memory kept for outputs to come. */
  readonly keptBytes: number;
}

/** The model servers that the settings name. Reads the files of TLS, and does not call anybody yet. */
export async function openModels({
  core,
  metadataCache,
  onPredict,
  keptBytes,
}: Opening): Promise<ModelServerClient> {
  const security = await openModelServerSecurity(core);
  const limits = { maxBatchSize: core.tfMaxBatchSize, minModelSize: core.tfMinModelSize };
  return new ModelServerClient({
    endpoints: modelServerEndpoints({
      host: core.tfHost,
      port: core.tfPort,
      protocol: core.modelServerProtocol,
      security,
      clock,
      settings: {
        connections: core.modelServerConnections,
        renewMs: core.modelServerRenew * 1000,
      },
      signatures: core.modelSignature,
    }),
    clock,
    random: Math.random,
    settings: {
      ...DEFAULT_SCHEDULER_SETTINGS,
      requestBytes: core.modelServerRequestBytes,
      callsPerEndpoint: core.modelServerCalls,
      lingerMs: core.modelServerLinger * 1000,
      deadlineMs: core.grpcTimeout * 1000,
      backoffMs: core.grpcBackoff * 1000,
      retries: core.maxRetry,
      keptBytes,
    },
    maxRows: ({ inputs }) =>
      batchRows(
        inputs.map(({ shape }) => shape ?? []),
        limits,
      ),
    // Python consumers know one signature only.
    metadataCache: core.modelSignature.length === 0 ? metadataCache : NO_CACHE,
    metadataExpireSeconds: core.metadataExpireTime,
    emit: onPredict,
  });
}

/** What TLS with the model servers needs, if the settings ask for it; reads its files. */
export async function openModelServerSecurity(core: CoreSettings): Promise<Security> {
  if (!core.modelServerTls) return { type: 'plain' };
  return readSecurity({
    authorities: { variable: 'MODEL_SERVER_CA_FILE', path: core.modelServerCaFile },
    certificate: {
      variable: 'MODEL_SERVER_CERTIFICATE_FILE',
      path: core.modelServerCertificateFile,
    },
    key: { variable: 'MODEL_SERVER_KEY_FILE', path: core.modelServerKeyFile },
    token: { variable: 'MODEL_SERVER_TOKEN_FILE', path: core.modelServerTokenFile },
  });
}
