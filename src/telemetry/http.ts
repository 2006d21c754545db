import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { boundConnections } from './bound-connections.ts';
import { type Address, listen } from './listen.ts';
import { messageOf } from '../errors.ts';
import { createHttpServer } from '../node-http.ts';

/** What a path answers with. */
export interface Answer {
  readonly status: number;
  readonly type:
    'text/plain; charset=utf-8' | 'application/json' | 'text/html; charset=utf-8' | (string & {});
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 256;
/** How long a client may take to say what it wants, and how often that is looked at. */
const HEADERS_MS = 5000;
const CHECK_MS = 1000;
/** A client that reads nothing for so long is dropped. */
const STALLED_MS = 10_000;

/** Serves GET requests for fixed paths. Slow or many clients cost a bounded number of connections and nothing else. */
export async function serveHttp(routes: Routes, address: Address): Promise<HttpServer> {
  const server = createHttpServer(
    {
      connectionsCheckingInterval: CHECK_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: STALLED_MS,
      keepAliveTimeout: STALLED_MS,
    },
    (request, response) => void answer(routes, request, response),
  );
  server.timeout = STALLED_MS;
  boundConnections(server, MOST_CONNECTIONS);
  const port = await listen(server, address);
  return { port, close: () => closeServer(server) };
}

export function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}

export function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

async function answer(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, type, headers, body } = await find(routes, request);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function find(routes: Routes, { method, url = '/' }: IncomingMessage): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET is answered here.');
  const path = url.split('?', 1)[0] ?? '/';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return text(404, `Nothing here. Try ${Object.keys(routes).join(', ')}.`);
  try {
    return await route();
  } catch (error) {
    return text(500, `Could not answer: ${messageOf(error)}`);
  }
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
