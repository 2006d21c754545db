import { Metadata, credentials, status, type ChannelCredentials } from '@grpc/grpc-js';
import { KnownError } from '../../../errors.ts';

/** How a model server is trusted, and how it knows us. */
export type Security =
  | { readonly type: 'plain' }
  | {
      readonly type: 'tls';
      /** Certificates of authorities in PEM form; those of the system if absent. */
      readonly authorities?: Buffer;
      /** Our own certificate and its key in PEM form, for servers that ask for one. */
      readonly certificate?: { readonly chain: Buffer; readonly key: Buffer };
      /** Gives the token of the header `authorization: Bearer`, for every call. */
      readonly token?: () => Promise<string>;
    };

/** Throws `bad_settings` if a certificate or key cannot be read. */
export function channelCredentials(security: Security): ChannelCredentials {
  if (security.type === 'plain') return credentials.createInsecure();
  const { authorities = null, certificate, token } = security;
  const tls = createTls(authorities, certificate);
  if (token === undefined) return tls;
  const perCall = credentials.createFromMetadataGenerator((_call, callback) => {
    token().then(
      (value) => {
        const metadata = new Metadata();
        metadata.set('authorization', `Bearer ${value}`);
        callback(null, metadata);
      },
      (error: unknown) =>
        callback(Object.assign(new Error(String(error)), { code: status.UNAVAILABLE })),
    );
  });
  return credentials.combineChannelCredentials(tls, perCall);
}

function createTls(
  authorities: Buffer | null,
  certificate: { readonly chain: Buffer; readonly key: Buffer } | undefined,
): ChannelCredentials {
  try {
    return credentials.createSsl(authorities, certificate?.key, certificate?.chain);
  } catch (error) {
    throw new KnownError(
      'bad_settings',
      `A certificate or key for the model server cannot be read: ${String(error)}`,
      { cause: error },
    );
  }
}
