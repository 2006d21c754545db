import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that a store got. */
export interface StoreRequest {
  readonly method: string;
  /** Path and query; the whole URL where the store is asked as a proxy. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A server on the loopback whose answers a test gives, and what it was asked. */
export class ScriptedStore {
  readonly endpoint: string;
  readonly requests: StoreRequest[] = [];
  /** Hosts that were to be connected to, where the store is asked as a proxy. */
  readonly tunnels: string[] = [];
  readonly #close: () => Promise<void>;

  private constructor(endpoint: string, close: () => Promise<void>) {
    this.endpoint = endpoint;
    this.#close = close;
  }

  static async start(answer: (request: StoreRequest) => StoreAnswer): Promise<ScriptedStore> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A TCP server that listens has an address of this form.
    const { port } = server.address() as AddressInfo;
    const store = new ScriptedStore(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    server.on('request', (request, response) => {
      const { method = '', url = '', headers } = request;
      void buffer(request).then((body) => {
        const asked = { method, url, headers, body };
        store.requests.push(asked);
        const { status, headers: answered = {}, body: bytes } = answer(asked);
        response.writeHead(status, answered).end(bytes);
      });
    });
    server.on('connect', ({ url = '' }, socket) => {
      store.tunnels.push(url);
      socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    });
    return store;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** The error of an S3 store. */
export function s3Refusal(
  status: number,
  code: string,
  message: string,
  { headers = {}, more = '' }: { headers?: Record<string, string>; more?: string } = {},
): StoreAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

/** What an S3 store answers when all is well: uploads in one request or in parts, downloads of `content`. */
export function s3Success({ method, url }: StoreRequest, content = ''): StoreAnswer {
  if (method === 'POST' && /[?&]uploads/.test(url)) {
    const body =
      '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
    return { status: 200, body };
  }
  if (method === 'POST') {
    const body =
      '<CompleteMultipartUploadResult><ETag>"e-1"</ETag></CompleteMultipartUploadResult>';
    return { status: 200, body };
  }
  if (method === 'DELETE') return { status: 204 };
  return method === 'GET'
    ? { status: 200, body: content }
    : { status: 200, headers: { etag: '"e"' } };
}
