import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as send,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to a request: it is answered in place of the server, not answered (`mute`), cut off at once or while
 * its body comes; or its answer loses its second half, is cut off, has a wrong byte, or comes a byte at a time.
 */
export type Fault =
  | { readonly status: number; readonly body?: string }
  | 'mute'
  | 'reset'
  | 'reset the request'
  | 'truncate the answer'
  | 'reset the answer'
  | 'corrupt the answer'
  | 'trickle the answer';

/** An HTTP proxy before a real server, whose requests fail as told. */
export class HttpFaultProxy {
  /** Requests so far, such as `GET /images/a.tif`. */
  readonly requests: string[] = [];
  /** Bytes of bodies that came from the client and that went to it. */
  received = 0;
  sent = 0;
  /** What happens to a request that no fault of `fail` meets. */
  rule: (method: string, path: string) => Fault | undefined = () => undefined;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #faults: { readonly method: string; readonly fault: Fault }[] = [];
  readonly #answers = new Set<Promise<unknown>>();
  readonly #agent = new Agent({ keepAlive: false });

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('request', (request, response) => this.#take(request, response));
  }

  static async start(targetPort: number): Promise<HttpFaultProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpFaultProxy(server, targetPort);
  }

  get endpoint(): string {
    // A TCP server that listens has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests with this method meet these faults, one each. */
  fail(method: string, ...faults: readonly Fault[]): void {
    for (const fault of faults) this.#faults.push({ method, fault });
  }

  /** Resolves when the next request has come. */
  async nextRequest(): Promise<void> {
    await once(this.#server, 'request');
  }

  /** Resolves when all requests so far have been answered, or their connections are closed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#answers);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#agent.destroy();
    await once(this.#server, 'close');
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const at = this.#faults.findIndex(({ method }) => method === request.method);
    const { method = '', url = '' } = request;
    const fault = at < 0 ? this.rule(method, url) : this.#faults.splice(at, 1)[0]?.fault;
    // One connection carries many requests: none of them may leave a listener to it behind.
    const over = new AbortController();
    const closed = [response, request.socket].map((end) => once(end, 'close', over));
    const gone = Promise.race(closed).finally(() => over.abort());
    // A connection that had been closed before its request was read says so no more.
    if (!request.socket.destroyed) this.#answers.add(gone);
    void gone.finally(() => this.#answers.delete(gone)).catch(() => undefined);
    request.on('data', (bytes: Buffer) => (this.received += bytes.length));
    if (typeof fault === 'object') {
      request.on('end', () => response.writeHead(fault.status).end(fault.body));
    } else if (fault === 'mute') request.resume();
    else if (fault === 'reset') request.socket.resetAndDestroy();
    else if (fault === 'reset the request') {
      request.once('data', () => request.socket.resetAndDestroy());
    } else this.#forward(request, response, fault);
  }

  #forward(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    const { method, url: path, rawHeaders: headers } = request;
    const target = { host: '127.0.0.1', port: this.#targetPort, agent: this.#agent };
    const forwarded = send({ ...target, method, path, headers });
    forwarded.on('error', () => response.destroy());
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      this.#deliver(answer, response, fault);
    });
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }

  #deliver(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    const half = Number(answer.headers['content-length']) >> 1;
    let passed = 0;
    answer.on('error', () => response.destroy());
    answer.on('data', (bytes: Buffer) => {
      if (fault === 'corrupt the answer' && passed === 0) bytes[0] = (bytes[0] ?? 0) ^ 1;
      passed += bytes.length;
      if (fault === 'trickle the answer') return answer.pause();
      const isEnough = passed > half && fault !== undefined && fault !== 'corrupt the answer';
      if (isEnough) return breakOff(answer, response, fault);
      this.sent += bytes.length;
      if (!response.write(bytes)) {
        answer.pause();
        response.once('drain', () => answer.resume());
      }
      return undefined;
    });
    if (fault === 'trickle the answer') trickle(response);
    answer.on('end', () => response.end());
  }
}

function breakOff(answer: IncomingMessage, response: ServerResponse, fault: Fault): void {
  answer.pause();
  const end = (): void => {
    if (fault === 'truncate the answer') response.destroy();
    else response.socket?.resetAndDestroy();
  };
  response.write('x', end);
}

function trickle(response: ServerResponse): void {
  const drop = setInterval(() => response.write('x'), 5);
  response.on('close', () => clearInterval(drop));
}
