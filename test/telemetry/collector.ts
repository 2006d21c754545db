import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Fields, hex, integer, parts, readFields, text } from './protobuf-reader.ts';

type Attributes = Readonly<Record<string, string>>;

export interface ReceivedSpan {
  readonly resource: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  /** 2 is an error. */
  readonly statusCode: bigint;
  readonly statusMessage: string;
}

/** A collector of traces: a real HTTP server that decodes what opentelemetry-proto calls ExportTraceServiceRequest. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly requests: { readonly path: string; readonly key: string }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const key = String(request.headers['x-key'] ?? '');
        this.requests.push({ path: request.url ?? '', key });
        this.spans.push(...decodeSpans(body));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
  }

  static async open(): Promise<Collector> {
    const collector = new Collector();
    collector.#server.listen(0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** The spans of a job: its own first, then those of its stages. */
  ofJob(key: string): ReceivedSpan[] {
    const root = this.spans.find(({ attributes }) => attributes['kiosk.job.key'] === key);
    if (root === undefined) return [];
    return [root, ...this.spans.filter(({ parentId }) => parentId === root.spanId)];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function decodeSpans(body: Uint8Array): ReceivedSpan[] {
  return parts(readFields(body), 1).flatMap((resourceSpans) => {
    const [resource] = parts(resourceSpans, 1);
    const attributes = resource ? attributesOf(resource, 1) : {};
    return parts(resourceSpans, 2).flatMap((scopeSpans) =>
      parts(scopeSpans, 2).map((span) => spanOf(span, attributes)),
    );
  });
}

function spanOf(span: Fields, resource: Attributes): ReceivedSpan {
  const [status] = parts(span, 15);
  return {
    resource,
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentId: hex(span, 4),
    name: text(span, 5),
    start: integer(span, 7),
    end: integer(span, 8),
    attributes: attributesOf(span, 9),
    events: parts(span, 11).map((event) => ({
      name: text(event, 2),
      attributes: attributesOf(event, 3),
    })),
    statusCode: status ? integer(status, 3) : 0n,
    statusMessage: status ? text(status, 2) : '',
  };
}

/** The attributes that are texts. */
function attributesOf(fields: Fields, number: number): Attributes {
  return Object.fromEntries(
    parts(fields, number).flatMap((pair) => {
      const [value] = parts(pair, 2);
      return value?.has(1) ? [[text(pair, 1), text(value, 1)]] : [];
    }),
  );
}
