import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { GcsFailure, GcsObjects, type StoredGcsObject } from './gcs-objects.ts';
import { partsOf } from '../harness/bucket/multipart.ts';

export interface GcsServer {
  readonly endpoint: string;
  readonly port: number;
  readonly objects: GcsObjects;
  close(): Promise<void>;
}

/**
 * Speaks as much of the JSON API of Google Cloud Storage as a client of objects uses, for one bucket: uploads at once,
 * in two parts, and in chunks; downloads with their checksum; metadata; deletion. Refuses what the real one refuses.
 * https://cloud.google.com/storage/docs/json_api/v1
 */
export async function startGcsServer(bucket: string): Promise<GcsServer> {
  const objects = new GcsObjects();
  const server = createServer((request, response) => {
    serve(objects, bucket, request, response).catch((error: unknown) => {
      if (error instanceof GcsFailure) refuse(response, error);
      else response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    objects,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(
  objects: GcsObjects,
  bucket: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await buffer(request);
  const [, upload, itsBucket, name] =
    /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  if (itsBucket === undefined) throw new GcsFailure(404, 'Not Found');
  if (itsBucket !== bucket) throw new GcsFailure(404, 'The specified bucket does not exist.');
  if (upload !== undefined) return receive(objects, url, request, response, body);
  const key = decodeURIComponent(name ?? '');
  const object = objects.get(key);
  if (object === undefined) throw new GcsFailure(404, `No such object: ${bucket}/${key}`);
  if (request.method === 'DELETE') {
    objects.delete(key);
    response.writeHead(204).end();
  } else if (request.method !== 'GET') throw new GcsFailure(405, 'Method Not Allowed');
  else if (url.searchParams.get('alt') === 'media') send(request, response, object);
  else tell(response, object);
}

function receive(
  objects: GcsObjects,
  { searchParams }: URL,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const { method, headers } = request;
  const session = searchParams.get('upload_id');
  if (session !== null && method === 'PUT')
    return receiveChunk(objects, session, request, response, body);
  if (method !== 'POST') throw new GcsFailure(405, 'Method Not Allowed');
  const contentType = headers['content-type'] ?? 'application/octet-stream';
  switch (searchParams.get('uploadType')) {
    case 'media':
      return tell(response, objects.put(searchParams, { contentType }, body));
    case 'multipart': {
      const { metadata, type, bytes } = partsOf(contentType, body);
      return tell(response, objects.put(searchParams, { contentType: type, ...metadata }, bytes));
    }
    case 'resumable': {
      const type = headers['x-upload-content-type'];
      // The body is the resource of the object, or nothing at all.
      const given = body.length === 0 ? {} : (JSON.parse(body.toString()) as object);
      const metadata = typeof type === 'string' ? { contentType: type, ...given } : given;
      const id = objects.begin(searchParams, metadata);
      searchParams.set('upload_id', id);
      const path = `${request.url?.split('?')[0]}?${searchParams.toString()}`;
      response.writeHead(200, { location: `http://${headers.host}${path}`, 'content-length': 0 });
      response.end();
      return;
    }
    default:
      throw new GcsFailure(400, 'Invalid upload type.');
  }
}

const RANGE = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/;

function receiveChunk(
  objects: GcsObjects,
  session: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const { headers } = request;
  const [range, first, last, total] = RANGE.exec(headers['content-range'] ?? '') ?? [];
  if (range === undefined) throw new GcsFailure(400, 'Failed to parse Content-Range header.');
  // `bytes 0-*/*`: the object ends where the body ends, whose length need not be known.
  const isOpen = last === '*';
  if (!isOpen && headers['content-length'] === undefined) {
    throw new GcsFailure(411, 'Length Required');
  }
  const end = Number(first) + body.length;
  const hash = headers['x-goog-hash'];
  const outcome = objects.append(session, body, {
    ...(first !== undefined && { first: Number(first), last: isOpen ? end - 1 : Number(last) }),
    ...(total !== '*' && { total: Number(total) }),
    ...(isOpen && total === '*' && { total: end }),
    ...(typeof hash === 'string' && { hash }),
  });
  if (typeof outcome !== 'number') return tell(response, outcome);
  const kept = outcome > 0 ? { range: `bytes=0-${outcome - 1}` } : {};
  response.writeHead(308, { ...kept, 'content-length': 0 }).end();
}

function send(request: IncomingMessage, response: ServerResponse, object: StoredGcsObject): void {
  const { bytes, contentType, contentEncoding = 'identity' } = object;
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding']));
  const hash = {
    'content-type': contentType,
    'x-goog-hash': `crc32c=${object.crc32c}`,
    'x-goog-generation': object.generation,
    'x-goog-stored-content-encoding': contentEncoding,
    'x-goog-stored-content-length': String(bytes.length),
  };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (first !== undefined && contentEncoding === 'identity') {
    // The checksum is that of the whole object, here as with the real service.
    const part = bytes.subarray(Number(first), Number(last) + 1);
    if (part.length === 0) throw new GcsFailure(416, 'The requested range cannot be satisfied.');
    const end = Number(first) + part.length - 1;
    const range = { 'content-range': `bytes ${first}-${end}/${bytes.length}` };
    response.writeHead(206, { ...hash, ...range, 'content-length': String(part.length) });
    response.end(part);
  } else if (contentEncoding === 'identity' || takesGzip) {
    const encoding = contentEncoding === 'identity' ? {} : { 'content-encoding': contentEncoding };
    response.writeHead(200, { ...hash, ...encoding, 'content-length': String(bytes.length) });
    response.end(bytes);
  } else {
    response.writeHead(200, { ...hash, warning: '214 UploadServer gunzipped' });
    response.end(gunzipSync(bytes));
  }
}

function tell(
  response: ServerResponse,
  { name, bytes, contentType, crc32c }: StoredGcsObject,
): void {
  const resource = {
    kind: 'storage#object',
    id: randomUUID(),
    name,
    contentType,
    size: String(bytes.length),
    crc32c,
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(resource));
}

function refuse(response: ServerResponse, { status, message }: GcsFailure): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code: status, message, errors: [{ message }] } }));
}
