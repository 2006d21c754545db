import { once } from 'node:events';
import type { Server } from 'node:net';
import { KnownError } from '../errors.ts';

/** Where to listen. */
export interface Address {
  /** All addresses of this machine, IPv6 and IPv4, if absent. */
  readonly host: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** The variable that sets the port, for messages. */
  readonly variable: string;
}

/** Starts to listen; `cannot_listen` says what is in the way. The result is the port. */
export async function listen(server: Server, address: Address): Promise<number> {
  const { host, port } = address;
  server.listen({ port, ...(host !== undefined && { host }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new KnownError('cannot_listen', explain(error, address), { cause: error });
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function explain(error: unknown, { host, port, variable }: Address): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const address = `HTTP_HOST is "${host ?? ''}"`;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use; set ${variable} to another one, or to 0 for any free one.`;
    case 'EACCES':
      return `Port ${port} needs rights that this process lacks; set ${variable} to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${address}, which is no address of this machine; leave it empty for all of them.`;
    case 'EAFNOSUPPORT':
      return `${address}, but IPv6 is switched off here; leave it empty, or set it to 0.0.0.0.`;
    default:
      return `Nothing can listen on port ${port}: ${String(error)}.`;
  }
}
