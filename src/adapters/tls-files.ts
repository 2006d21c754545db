import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { KnownError, messageOf } from '../errors.ts';

/** A file that a variable names. */
export interface NamedFile {
  readonly variable: string;
  /** Empty: none is named. */
  readonly path: string;
}

/** A certificate of our own with its key, in PEM form. */
export interface KeyPair {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/*
 * What remotes need for TLS. It is tried here, because libraries take a file without a certificate and then trust
 * nobody, or say first when they connect that a key is not the one of its certificate. Each function throws
 * `bad_settings`, which names the variable.
 */

/** Certificates in PEM form; undefined if no file is named. */
export async function readCertificates(file: NamedFile): Promise<Buffer | undefined> {
  if (file.path === '') return undefined;
  const bytes = await readNamed(file);
  ensure(file, 'holds no certificate in PEM form', () => void new X509Certificate(bytes));
  return bytes;
}

/** A certificate and its key; undefined if neither is named. */
export async function readKeyPair(
  certificateFile: NamedFile,
  keyFile: NamedFile,
): Promise<KeyPair | undefined> {
  const certificate = await readCertificates(certificateFile);
  if (keyFile.path === '' && certificate === undefined) return undefined;
  if (keyFile.path === '') throw lacking(certificateFile, keyFile);
  if (certificate === undefined) throw lacking(keyFile, certificateFile);
  const key = await readNamed(keyFile);
  ensure(keyFile, 'holds no private key in PEM form that can be read without a password', () =>
    createPrivateKey(key),
  );
  if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
    return { certificate, key };
  }
  throw wrong(keyFile, `is not the key of the certificate in ${certificateFile.variable}`);
}

/** The bytes of a file. */
export async function readNamed(file: NamedFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    throw wrong(file, `cannot be read: ${messageOf(error)}`, error);
  }
}

function ensure(file: NamedFile, otherwise: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    throw wrong(file, otherwise, error);
  }
}

function wrong({ variable, path }: NamedFile, what: string, cause?: unknown): KnownError {
  const message = `${variable} is "${path}", which ${what}.`;
  return new KnownError('bad_settings', message, { cause });
}

function lacking(given: NamedFile, { variable }: NamedFile): KnownError {
  const message = `${given.variable} is "${given.path}", but ${variable} is not set`;
  return new KnownError('bad_settings', `${message}: a certificate and its key go together.`);
}
