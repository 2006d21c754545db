import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalRedis, freePort, startRedis } from '../../../scripts/start-redis.ts';

/** A file of test/adapters/redis/fixtures. */
export function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}

export function pem(name: string): string {
  return readFileSync(fixture(name), 'utf8');
}

/** Options of a server or a Sentinel that speaks TLS only, with a certificate of our own authority. */
export function tlsOptions(port: number, asksForCertificates = false): string[] {
  const options = {
    port: 0,
    'tls-port': port,
    'tls-cert-file': fixture('server.cert.pem'),
    'tls-key-file': fixture('server.key.pem'),
    'tls-ca-cert-file': fixture('ca.cert.pem'),
    'tls-auth-clients': asksForCertificates ? 'yes' : 'no',
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
}

/** A Redis that speaks TLS only. */
export async function startTlsRedis(asksForCertificates = false): Promise<LocalRedis> {
  const port = await freePort();
  return startRedis(port, tlsOptions(port, asksForCertificates));
}
