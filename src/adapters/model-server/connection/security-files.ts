import { type NamedFile, readCertificates, readKeyPair, readNamed } from '../../tls-files.ts';
import type { Security } from './security.ts';

/** Where what is needed for TLS lies. Certificates and keys are in PEM form. */
export interface SecurityFiles {
  /** Certificates of the authorities that are trusted; those of the system if none is named. */
  readonly authorities: NamedFile;
  readonly certificate: NamedFile;
  readonly key: NamedFile;
  /** A token for the header `authorization: Bearer`, read anew for each call: such files change under us. */
  readonly token: NamedFile;
}

/** TLS with what the files hold; `bad_settings` if it cannot be spoken with that. */
export async function readSecurity(files: SecurityFiles): Promise<Security> {
  const authorities = await readCertificates(files.authorities);
  const pair = await readKeyPair(files.certificate, files.key);
  const { token } = files;
  if (token.path !== '') await readNamed(token);
  return {
    type: 'tls',
    ...(authorities && { authorities }),
    ...(pair && { certificate: { chain: pair.certificate, key: pair.key } }),
    ...(token.path !== '' && { token: async () => (await readNamed(token)).toString().trim() }),
  };
}
