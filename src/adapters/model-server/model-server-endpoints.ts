import type { Clock } from '../../ports.ts';
import {
  DEFAULT_CONNECTION_SETTINGS,
  type ConnectionSettings,
} from './connection/connection-settings.ts';
import type { EndpointSet } from './endpoint.ts';
import { GrpcEndpoint } from './grpc-endpoint.ts';
import { kserve } from './kserve/protocol.ts';
import { lookUpAddresses } from './connection/look-up.ts';
import { ResolvedEndpoints } from './resolved-endpoints.ts';
import { channelCredentials, type Security } from './connection/security.ts';
import { signatureNames } from './signature/signature-names.ts';
import { tfServing } from './tf-serving/protocol.ts';

const PROTOCOLS = { tfserving: tfServing, kserve } as const;

export type ProtocolName = keyof typeof PROTOCOLS;

export interface ModelServerAddress {
  /** A name or an IP address; one server or many may be behind it. */
  readonly host: string;
  readonly port: number;
  readonly protocol: ProtocolName;
  readonly security: Security;
  readonly clock: Clock;
  readonly settings?: Partial<ConnectionSettings>;
  /** Signatures of the models, in the words of MODEL_SIGNATURE. */
  readonly signatures?: readonly string[];
  /** Gives all addresses behind a host, `10.0.0.7:8500`; the resolver of this machine if absent. */
  readonly lookUp?: (host: string, port: number) => Promise<readonly string[]>;
}

/** Follows the model servers behind a host name. Throws `bad_settings` for certificates that cannot be read. */
export function modelServerEndpoints(where: ModelServerAddress): EndpointSet {
  const { host, port, clock, lookUp = lookUpAddresses } = where;
  const settings = { ...DEFAULT_CONNECTION_SETTINGS, ...where.settings };
  const credentials = channelCredentials(where.security);
  const signatureOf = signatureNames(where.signatures ?? []);
  const protocol = PROTOCOLS[where.protocol];
  return new ResolvedEndpoints({
    clock,
    resolveMs: settings.resolveMs,
    resolve: () => lookUp(host, port),
    create: (address) =>
      new GrpcEndpoint({
        target: { address, host, credentials, ...settings },
        protocol,
        settings,
        clock,
        signatureOf,
      }),
  });
}
