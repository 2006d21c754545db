import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';

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

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Serves GET requests for fixed paths. Slow or many clients cost a bounded number of connections and nothing else. */
export async function serveHttp(routes: Routes, { host, port }: Address): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(routes, request, response));
  server.maxConnections = 256;
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 20_000;
  server.listen(port, host);
  await once(server, 'listening');
  return { port: portOf(server), close: () => closeServer(server) };
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
    return text(500, `Could not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
