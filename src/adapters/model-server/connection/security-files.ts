import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { KnownError, messageOf } from '../../../errors.ts';
import type { Security } from './security.ts';

/** Where what is needed for TLS lies; empty or absent: not used. Certificates and keys are in PEM form. */
export interface SecurityFiles {
  /** Certificates of the authorities that are trusted; those of the system if absent. */
  readonly authorities?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** A token for the header `authorization: Bearer`, read anew for each call: such files change under us. */
  readonly token?: string | undefined;
}

/**
 * TLS with what the files hold. Throws `bad_settings` if one cannot be read, or of certificate and key only
 * one is given.
 */
export async function readSecurity(files: SecurityFiles): Promise<Security> {
  const { authorities, certificate, key, token } = files;
  if (Boolean(certificate) !== Boolean(key)) {
    throw new KnownError(
      'bad_settings',
      'A certificate for the model server needs its key, and a key its certificate.',
    );
  }
  return {
    type: 'tls',
    ...(authorities && { authorities: await readCertificate(authorities) }),
    ...(certificate &&
      key && { certificate: { chain: await readCertificate(certificate), key: await read(key) } }),
    ...(token && { token: () => readToken(token) }),
  };
}

/** gRPC takes a file without a certificate, and then trusts nobody. */
async function readCertificate(file: string): Promise<Buffer> {
  const text = await read(file);
  try {
    void new X509Certificate(text);
    return text;
  } catch (error) {
    const message = `${file} holds no certificate in PEM form.`;
    throw new KnownError('bad_settings', message, { cause: error });
  }
}

async function readToken(file: string): Promise<string> {
  return (await read(file)).toString('utf8').trim();
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = messageOf(error);
    throw new KnownError('bad_settings', `${file} cannot be read: ${reason}.`, { cause: error });
  }
}
