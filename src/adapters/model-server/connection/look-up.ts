import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { KnownError } from '../../../errors.ts';

/** All addresses behind a host name, `10.0.0.7:8500` or `[::1]:8500`, as this machine's resolver gives them. */
export async function lookUpAddresses(host: string, port: number): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true, order: 'ipv4first' });
    return found.map(({ address }) =>
      isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`,
    );
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new KnownError(
      'model_server_unavailable',
      `The name of the model server, ${host}, cannot be looked up (${reason}).`,
      { cause: error },
    );
  }
}
