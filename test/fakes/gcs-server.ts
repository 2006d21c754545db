import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { crc32c } from './crc32c.ts';

/** What goes wrong with the next requests. */
export type GcsFault = '503' | 'reset' | 'truncate' | 'corrupt' | '403' | 'uniform access';

interface Session {
  readonly name: string;
  readonly acl: string | undefined;
  bytes: Buffer;
}

export interface GcsServer {
  readonly endpoint: string;
  readonly objects: ReadonlyMap<
    string,
    { readonly bytes: Buffer; readonly acl: string | undefined }
  >;
  /** Each of the next requests for objects gets one fault, in this order. */
  fail(...faults: readonly GcsFault[]): void;
  close(): Promise<void>;
}

/**
 * Speaks as much of the HTTP protocol of Google Cloud Storage as a consumer uses: resumable uploads in chunks, downloads with their
 * checksum, deletion. https://cloud.google.com/storage/docs/json_api/v1
 */
export async function startGcsServer(bucket: string): Promise<GcsServer> {
  const objects = new Map<string, { bytes: Buffer; acl: string | undefined }>();
  const sessions = new Map<string, Session>();
  const faults: GcsFault[] = [];
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await buffer(request);
    const fault = faults.shift();
    if (fault === '503') return refuse(response, 503, 'Service Unavailable');
    if (fault === '403') return refuse(response, 403, 'Forbidden');
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === 'uniform access' && url.searchParams.has('predefinedAcl')) {
      return refuse(response, 400, 'Cannot use ACL API with uniform bucket-level access');
    }
    if (url.searchParams.has('upload_id')) return receive(request, response, url, body);
    if (request.method === 'POST') return begin(response, url, body);
    const name = decodeURIComponent(url.pathname.split('/o/')[1] ?? '');
    const object = objects.get(name);
    if (object === undefined) return refuse(response, 404, 'Not Found');
    if (request.method === 'DELETE') {
      objects.delete(name);
      return void response.writeHead(204).end();
    }
    return send(response, object.bytes, fault);
  }

  function begin(response: ServerResponse, url: URL, body: Buffer): void {
    if (url.searchParams.get('uploadType') !== 'resumable')
      return refuse(response, 400, 'Only resumable');
    const name =
      url.searchParams.get('name') ??
      String((JSON.parse(body.toString()) as { name?: string }).name);
    const id = String(sessions.size + 1);
    sessions.set(id, {
      name,
      acl: url.searchParams.get('predefinedAcl') ?? undefined,
      bytes: Buffer.alloc(0),
    });
    response.writeHead(200, { location: `${endpoint()}/upload?upload_id=${id}` }).end();
  }

  function receive(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer,
  ): void {
    const session = sessions.get(url.searchParams.get('upload_id') ?? '');
    const [, first, total] =
      /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(String(request.headers['content-range'])) ?? [];
    if (session === undefined || total === undefined) return refuse(response, 400, 'Bad range');
    if (first !== undefined && Number(first) !== session.bytes.length)
      return refuse(response, 503, 'Gap');
    session.bytes = Buffer.concat([session.bytes, body]);
    if (total === '*' || Number(total) > session.bytes.length) {
      if (total === '*' && body.length % (256 * 1024) !== 0)
        return refuse(response, 400, 'Chunks are multiples of 256 KiB');
      return void response.writeHead(308, { range: `bytes=0-${session.bytes.length - 1}` }).end();
    }
    objects.set(session.name, { bytes: session.bytes, acl: session.acl });
    const answer = {
      name: session.name,
      bucket,
      size: String(session.bytes.length),
      crc32c: crc32c(session.bytes),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  function send(response: ServerResponse, bytes: Buffer, fault: GcsFault | undefined): void {
    response.writeHead(200, {
      'content-length': String(bytes.length),
      'x-goog-hash': `crc32c=${crc32c(bytes)}`,
      'x-goog-stored-content-encoding': 'identity',
    });
    if (fault === 'truncate') {
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    } else if (fault === 'corrupt') {
      const wrong = Buffer.from(bytes);
      wrong[0] = (wrong[0] ?? 0) ^ 1;
      response.end(wrong);
    } else response.end(bytes);
  }

  const endpoint = (): string => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: endpoint(),
    objects,
    fail: (...next) => void faults.push(...next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code: status, message, errors: [{ message }] } }));
}
