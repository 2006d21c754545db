import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { systemClock as clock } from '../../src/adapters/system-clock.ts';
import { KnownError } from '../../src/errors.ts';
import type { Job } from '../../src/job/job.ts';
import type { TracingSettings } from '../../src/telemetry/tracing/options.ts';
import { readTraceParent } from '../../src/telemetry/tracing/trace-parent.ts';
import { type Tracing, openTracing } from '../../src/telemetry/tracing/tracing.ts';
import { Collector } from './collector.ts';

const SETTINGS: TracingSettings = {
  disabled: false,
  exporter: 'otlp',
  endpoint: '',
  tracesEndpoint: '',
  headers: [],
  serviceName: '',
  resourceAttributes: [],
};
const job: Job = {
  key: 'a',
  queue: 'image',
  fields: {},
  inputFileName: 'a.tif',
  originalName: 'a',
  resultId: '',
};
const away = new KnownError('bucket_unavailable', 'The bucket is away.');

function open(settings: Partial<TracingSettings>, warnings: string[] = []): Promise<Tracing> {
  return openTracing({
    settings: { ...SETTINGS, ...settings },
    clock,
    version: '1.2.3',
    queue: 'image',
    hostName: 'pod-1',
    warn: (message) => warnings.push(message),
  });
}

/** The facts of a job of one stage that was repeated. */
function tellOfAJob({ listen }: Tracing): void {
  listen({ type: 'job claimed', key: job.key });
  listen({ type: 'job started', job, queuedMs: 5 });
  listen({ type: 'stage entered', stage: 'download', job });
  listen({ type: 'stage started', stage: 'download', job, waitedMs: 1, notes: {} });
  listen({ type: 'stage retried', stage: 'download', job, error: away, delayMs: 1000 });
  listen({ type: 'stage ended', stage: 'download', job, ms: 2 });
  listen({ type: 'job ended', key: job.key, outcome: 'done', ms: 3 });
}

test('repeated attempts are events of the span of their stage', async () => {
  const collector = await Collector.open();
  try {
    const tracing = await open({ tracesEndpoint: `${collector.url}/elsewhere` });
    tellOfAJob(tracing);
    await tracing.close();
    assert.equal(collector.requests[0]?.path, '/elsewhere');
    const [root, stage] = collector.ofJob('a');
    assert.equal(root?.resource['service.name'], 'kiosk-redis-consumer');
    assert.equal(stage?.statusCode, 0n);
    assert.deepEqual(stage.events, [
      { name: 'retry', attributes: { code: 'bucket_unavailable', message: away.message } },
    ]);
  } finally {
    await collector.close();
  }
});

test('a job that was given back before it started leaves no span open', async () => {
  const collector = await Collector.open();
  try {
    const tracing = await open({ endpoint: collector.url });
    tracing.listen({ type: 'job claimed', key: 'b' });
    tracing.listen({ type: 'job ended', key: 'b', outcome: 'dropped', ms: 1 });
    await tracing.close();
    assert.deepEqual(collector.spans, []);
  } finally {
    await collector.close();
  }
});

test('a collector that cannot be reached is told of once, and closing does not wait for it', async () => {
  const collector = await Collector.open();
  const { url } = collector;
  await collector.close();
  const warnings: string[] = [];
  const tracing = await open({ endpoint: url }, warnings);
  for (let jobs = 0; jobs < 1000; jobs++) tellOfAJob(tracing);
  await tracing.close();
  assert.equal(warnings.length, 1, warnings.join('\n'));
  assert.match(warnings[0] ?? '', /^Traces do not reach http:\/\/127\.0\.0\.1:\d+\/v1\/traces: /);
});

const OFF: Readonly<Record<string, Partial<TracingSettings>>> = {
  'without a collector': {},
  'with OTEL_SDK_DISABLED': { disabled: true, endpoint: 'http://127.0.0.1:1' },
  'with OTEL_TRACES_EXPORTER=none': { exporter: 'none', endpoint: 'http://127.0.0.1:1' },
};
for (const [when, settings] of Object.entries(OFF)) {
  test(`${when} the lines of a job carry no trace`, async () => {
    const warnings: string[] = [];
    const tracing = await open(settings, warnings);
    tellOfAJob(tracing);
    assert.deepEqual(tracing.idsOf('a'), {});
    await tracing.close();
    assert.deepEqual(warnings, []);
  });
}

test('without a collector the libraries are not loaded', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { openTracing } = await import('./src/telemetry/tracing/tracing.ts');
    await openTracing({ settings: ${JSON.stringify(SETTINGS)} });
    console.log(loaded.join(' '));`;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  assert.match(loaded, /tracing\.ts/);
  assert.doesNotMatch(loaded, /opentelemetry/);
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENTS: Readonly<Record<string, boolean>> = {
  [`00-${TRACE}-b7ad6b7169203331-01`]: true,
  [`cc-${TRACE}-b7ad6b7169203331-01-more`]: true,
  [`ff-${TRACE}-b7ad6b7169203331-01`]: false,
  [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`]: false,
  [`00-${TRACE}-0000000000000000-01`]: false,
  [`00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`]: false,
  'no traceparent': false,
  '': false,
};
for (const [text, valid] of Object.entries(PARENTS)) {
  test(`traceparent "${text}" is ${valid ? 'read' : 'ignored'}`, () => {
    const parent = readTraceParent(text);
    assert.equal(parent?.traceId, valid ? TRACE : undefined);
    assert.equal(parent?.spanId, valid ? 'b7ad6b7169203331' : undefined);
  });
}
