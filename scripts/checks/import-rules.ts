/** Who may import whom. A target is a file, a folder (ends with `/`), a package, or a Node module. */
export interface ImportRule {
  readonly name: string;
  /** The file or folder that the rule is about. */
  readonly files: string;
  /** Targets that these files may import besides their own folder. */
  readonly may: readonly string[];
  readonly because: string;
}

/** Only these files may import the targets. */
export interface ExclusiveRule {
  readonly name: string;
  readonly targets: readonly string[];
  readonly only: readonly string[];
  readonly because: string;
}

/** The first rule whose `files` holds the importing file decides. */
// prettier-ignore
export const IMPORT_RULES: readonly ImportRule[] = [
  { name: 'errors-stand-alone', files: 'src/errors.ts', may: ['src/errors/', 'src/error-message.ts'], because: 'everybody imports the error catalogue' },
  { name: 'error-codes-stand-alone', files: 'src/errors/', may: [], because: 'each file lists the codes of one subject' },
  { name: 'abort-stands-alone', files: 'src/abort.ts', may: ['src/errors.ts'], because: 'everybody who waits may import it' },
  { name: 'key-codec-stands-alone', files: 'src/key-codec.ts', may: ['node:buffer'], because: 'keys are bytes for the adapter that sends them and for the flow that hashes them' },
  { name: 'package-resolves-alone', files: 'src/resolve-package.ts', may: ['node:module'], because: 'each thread loads it before anything that authors wrote' },
  { name: 'node-http-stands-alone', files: 'src/node-http.ts', may: [], because: 'it is a module of Node, loaded in a cheaper way' },
  { name: 'seeded-random-stands-alone', files: 'src/seeded-random.ts', may: [], because: 'numbers that follow from a seed need nothing else' },
  { name: 'config-stands-alone', files: 'src/config/', may: [], because: 'a setting is a value; who uses it is not its business' },
  { name: 'imaging-is-pure', files: 'src/imaging/', may: ['src/errors.ts'], because: 'science has no IO, clock, randomness or settings' },
  { name: 'libjpeg-reads-its-code', files: 'src/formats/jpeg/libjpeg-turbo.ts', may: ['src/imaging/', 'src/errors.ts', 'node:fs', 'node:module'], because: 'WebAssembly is a file of its package, read once a thread when the first JPEG comes' },
  { name: 'formats-are-pure', files: 'src/formats/', may: ['src/imaging/', 'src/errors.ts', 'yauzl', 'tar-stream', 'saxes', 'node:zlib', 'node:buffer', 'node:path/posix', 'node:stream', 'node:stream/promises', 'node:events'], because: 'a codec maps bytes to values and touches nothing else' },
  { name: 'kernels-are-pure', files: 'src/kernels.ts', may: ['src/imaging/', 'src/formats/', 'src/errors.ts'], because: 'they run on worker threads, which know nothing of the process' },
  { name: 'job-ports-are-interfaces', files: 'src/ports/', may: [], because: 'a port describes the outside in our own words' },
  { name: 'ports-are-interfaces', files: 'src/ports.ts', may: ['src/ports/', 'src/imaging/array.ts', 'src/kernels.ts'], because: 'a port describes the outside in our own words' },
  { name: 'job-is-data', files: 'src/job/', may: ['src/errors.ts', 'src/error-message.ts', 'src/ports.ts'], because: 'a job is its fields; who works on it is not its business' },
  { name: 'facts-are-plain', files: 'src/facts/', may: ['src/errors.ts', 'src/ports.ts', 'src/job/'], because: 'a fact is a value that emitters and listeners share; it imports types only' },
  { name: 'flow-is-wiring', files: 'src/flow/', may: ['src/job/', 'src/abort.ts', 'src/key-codec.ts', 'src/errors.ts', 'src/error-message.ts', 'src/ports.ts', 'src/config/setting.ts', 'src/config/nearest.ts', 'src/facts/', 'rxjs', 'uuid'], because: 'the wiring knows no format and no remote' },
  { name: 'stages-see-ports', files: 'src/stages/', may: ['src/imaging/', 'src/formats/', 'src/kernels.ts', 'src/ports.ts', 'src/abort.ts', 'src/errors.ts', 'src/flow/', 'src/job/', 'node:crypto', 'node:path/posix', 'node:stream/consumers'], because: 'a stage works on values; the outside comes through ports' },
  { name: 'workflows-compose', files: 'src/workflows/', may: ['src/stages/', 'src/imaging/', 'src/formats/', 'src/config/setting.ts', 'src/flow/', 'src/job/', 'src/errors.ts', 'src/ports.ts'], because: 'a workflow names its stages in order and nothing else' },
  { name: 'declared-workflows-compose', files: 'src/declared/', may: ['src/workflows/', 'src/stages/', 'src/imaging/', 'src/config/setting.ts', 'src/config/nearest.ts', 'src/flow/', 'src/job/', 'yaml'], because: 'a file without code becomes the stages of a workflow' },
  { name: 'results-are-files', files: 'src/results/', may: ['src/formats/', 'src/imaging/', 'src/job/job.ts', 'src/stages/job-fields/', 'src/stages/plan/mesmer-order.ts', 'src/errors.ts', 'src/ports.ts', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:path', 'node:readline/promises', 'node:stream', 'node:stream/promises'], because: 'what is left for people is made of files on their machine, and knows no Redis, bucket or command' },
  { name: 'intake-sees-ports', files: 'src/intake/', may: ['src/ports.ts', 'src/abort.ts', 'src/errors.ts', 'src/flow/', 'src/job/', 'src/facts/'], because: 'jobs come in the same way for every workflow' },
  { name: 'settlement-sees-ports', files: 'src/settlement/', may: ['src/ports.ts', 'src/abort.ts', 'src/errors.ts', 'src/flow/', 'src/job/', 'src/facts/'], because: 'jobs end the same way for every workflow' },
  { name: 'traces-listen', files: 'src/telemetry/tracing/', may: ['src/flow/', 'src/job/', 'src/facts/', 'src/errors.ts', 'src/ports.ts', '@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-proto', '@opentelemetry/resources', '@opentelemetry/sdk-trace'], because: 'they translate facts too, with libraries that are loaded only when a collector is named' },
  { name: 'telemetry-listens', files: 'src/telemetry/', may: ['src/error-message.ts', 'src/flow/', 'src/job/', 'src/facts/', 'src/abort.ts', 'src/errors.ts', 'src/ports.ts', 'src/node-http.ts', 'prom-client', 'pino', 'node:crypto', 'node:fs', 'node:http', 'node:net', 'node:events', 'node:os', 'node:perf_hooks'], because: 'it translates facts and is known to nobody' },
  { name: 'stand-in-server-is-a-peer', files: 'src/stand-in-server/', may: ['src/adapters/model-server/', 'src/adapters/compute/', 'src/imaging/', 'src/formats/', 'src/ports.ts', 'src/abort.ts', 'src/errors.ts', '@grpc/grpc-js', 'node:events', 'node:timers/promises', 'node:os', 'node:fs/promises', 'node:module', 'node:path', 'node:url'], because: 'it speaks the protocol of the client and shares its codec, not its jobs' },
  { name: 'adapters-see-ports', files: 'src/adapters/', may: ['src/ports.ts', 'src/key-codec.ts', 'src/facts/', 'src/kernels.ts', 'src/imaging/array.ts', 'src/imaging/scratch.ts', 'src/imaging/shared-memory.ts', 'src/abort.ts', 'src/errors.ts', 'src/node-http.ts', 'src/resolve-package.ts', '@aws-sdk/client-s3', '@google-cloud/storage', 'google-auth-library', '@grpc/grpc-js', 'google-protobuf', 'ioredis', 'node:'], because: 'an adapter implements a port over a client library' },
  { name: 'worker-is-the-flow', files: 'src/worker.ts', may: ['src/intake/', 'src/flow/', 'src/job/', 'src/facts/', 'src/workflows/', 'src/settlement/', 'src/abort.ts', 'src/errors.ts', 'src/ports.ts', 'rxjs'], because: 'the whole flow is read here, without the outside' },
  { name: 'index-is-for-authors', files: 'src/index.ts', may: ['src/flow/', 'src/job/', 'src/facts/own-metric.ts', 'src/stages/', 'src/workflows/', 'src/imaging/', 'src/formats/', 'src/config/setting.ts', 'src/errors.ts', 'src/ports.ts', 'src/kernels.ts'], because: 'authors of workflows need no adapter' },
  { name: 'testing-composes', files: 'src/testing/', may: ['src/', 'node:'], because: 'it puts a consumer together without Redis and networks, for tests of authors' },
  { name: 'consumer-composes', files: 'src/consumer/', may: ['src/', 'ioredis', 'node:'], because: 'it puts the parts of the consumer together, and knows no command' },
  { name: 'commands-compose', files: 'src/commands/', may: ['src/', 'archiver', 'ioredis', 'p-limit', 'yaml', 'yauzl', 'node:'], because: 'a command uses every part, but no client library other than these' },
  { name: 'start-chooses-a-command', files: 'src/start.ts', may: ['src/commands/'], because: 'it is the way in, and holds no logic' },
  { name: 'main-is-a-link', files: 'src/main.ts', may: ['node:'], because: 'it is bin/kiosk-redis-consumer.mjs, which must run on older Nodes and loads src/start.ts itself' },
];

// prettier-ignore
export const EXCLUSIVE_RULES: readonly ExclusiveRule[] = [
  { name: 'start-is-the-root', targets: ['src/main.ts', 'src/start.ts'], only: [], because: 'they are the process itself' },
  { name: 'commands-are-on-top', targets: ['src/commands/'], only: ['src/start.ts'], because: 'nothing below may know a command' },
  { name: 'consumer-is-the-root', targets: ['src/consumer/'], only: ['src/commands/', 'src/testing/'], because: 'nothing below may know how it is put together' },
  { name: 'testing-is-on-top', targets: ['src/testing/'], only: ['src/commands/'], because: 'no consumer runs on jobs in memory' },
  { name: 'rxjs-in-the-flow', targets: ['rxjs'], only: ['src/flow/', 'src/worker.ts'], because: 'stages and adapters are plain async functions' },
  { name: 'opentelemetry-in-tracing', targets: ['@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-proto', '@opentelemetry/resources', '@opentelemetry/sdk-trace'], only: ['src/telemetry/tracing/'], because: 'parts emit facts; without a collector the libraries are not loaded' },
  { name: 'prom-client-in-telemetry', targets: ['prom-client', 'pino'], only: ['src/telemetry/'], because: 'parts emit facts; they are translated in one place' },
];
