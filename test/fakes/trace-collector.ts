import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { messages } from '../../src/adapters/model-server/protobuf/compound-field.ts';
import { bytes, string } from '../../src/adapters/model-server/protobuf/field.ts';
import { message } from '../../src/adapters/model-server/protobuf/message.ts';

/* The part of opentelemetry/proto/trace/v1/trace.proto that tells which span belongs where. */

const Span = message('opentelemetry.proto.trace.v1.Span', {
  traceId: bytes(1),
  spanId: bytes(2),
  parentSpanId: bytes(4),
  name: string(5),
});

const ScopeSpans = message('opentelemetry.proto.trace.v1.ScopeSpans', {
  spans: messages(2, Span),
});

const ResourceSpans = message('opentelemetry.proto.trace.v1.ResourceSpans', {
  scopeSpans: messages(2, ScopeSpans),
});

const Export = message('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest', {
  resourceSpans: messages(1, ResourceSpans),
});

/** A span, its identifiers in hexadecimal digits. */
export interface ReceivedSpan {
  readonly trace: string;
  readonly id: string;
  readonly parent: string;
  readonly name: string;
}

/** Receives spans by OTLP over HTTP. */
export class TraceCollector {
  readonly spans: ReceivedSpan[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const isPacked = request.headers['content-encoding'] === 'gzip';
        if (request.url === '/v1/traces') this.#receive(isPacked ? gunzipSync(body) : body);
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
  }

  static async open(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    collector.#server.listen(0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #receive(body: Uint8Array): void {
    const { resourceSpans } = Export.decode(body);
    const found = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
    for (const { traceId, spanId, parentSpanId, name } of found.flatMap(({ spans }) => spans)) {
      const [trace, id, parent] = [traceId, spanId, parentSpanId].map((part) =>
        Buffer.from(part).toString('hex'),
      );
      this.spans.push({ trace: trace ?? '', id: id ?? '', parent: parent ?? '', name });
    }
  }
}
