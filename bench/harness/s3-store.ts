import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Store } from './store.ts';

const BUCKET = 'bench';

interface StoredFile {
  readonly bytes: Buffer;
  readonly etag: string;
}

/**
 * Starts an object store in a process of its own that speaks as much of S3 as consumers need, from memory and without a look at
 * signatures: its own processor time must not limit what is measured. As in S3, the ETag of an object is its MD5.
 */
export async function startS3Store(): Promise<Store> {
  const child = fork(fileURLToPath(import.meta.url));
  const [port] = await once(child, 'message');
  const endpoint = `http://127.0.0.1:${Number(port)}`;
  const urlOf = (key: string): string => `${endpoint}/${BUCKET}/${key}`;
  const check = (response: Response): Response => {
    if (response.ok) return response;
    throw new Error(`The store answered ${response.status} to ${response.url}.`);
  };
  return {
    environment: {
      STORAGE_BUCKET: `s3://${BUCKET}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
    },
    upload: async (key, bytes) => {
      const sent = await fetch(urlOf(key), { method: 'PUT', body: new Uint8Array(bytes) });
      await check(sent).arrayBuffer();
    },
    read: async (key) => {
      const response = check(await fetch(urlOf(key)));
      return new Uint8Array(await response.arrayBuffer());
    },
    clearOutputs: async () => {
      child.send('clear');
      await once(child, 'message');
    },
    close: async () => {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function serve(): Promise<void> {
  const files = new Map<string, StoredFile>();
  const server = createServer((request, response) => {
    void answer(files, request, response);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', () => {
    for (const path of files.keys()) if (path.startsWith(`/${BUCKET}/output/`)) files.delete(path);
    process.send?.('cleared');
  });
  process.on('disconnect', () => process.exit());
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
}

async function answer(
  files: Map<string, StoredFile>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = decodeURIComponent(request.url?.split('?')[0] ?? '');
  if (request.method === 'PUT') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    const bytes = Buffer.concat(chunks);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    files.set(path, { bytes, etag });
    response.writeHead(200, { ETag: etag, 'Content-Length': 0 }).end();
    return;
  }
  const file = files.get(path);
  if (file === undefined) {
    const body = '<Error><Code>NoSuchKey</Code><Message>There is no such object.</Message></Error>';
    response.writeHead(404, { 'Content-Type': 'application/xml' }).end(body);
    return;
  }
  response.writeHead(200, { ETag: file.etag, 'Content-Length': file.bytes.length });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve();
