import { availableParallelism, totalmem } from 'node:os';
import { onAbort } from '../abort.ts';
import { CORE_SETTINGS } from '../config/core-settings.ts';
import { loadSettings } from '../config/load.ts';
import { withoutCredentials } from '../error-message.ts';
import { type KnownError, classify } from '../errors.ts';
import { PermitPool } from '../intake/permits.ts';
import { type Log, openLog } from '../telemetry/log/log.ts';
import { assemble } from './assemble.ts';
import { startFirstTries } from './first-try/start-first-tries.ts';
import { type Identity, identityOf } from './identity.ts';
import { OutageLog } from '../telemetry/log/outage-log.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { openHttp } from './open/open-http.ts';
import type { MemoryLimits } from '../intake/memory-account.ts';
import { guardMemory } from './memory/guard-memory.ts';
import {
  type MemoryBudget,
  containerLimit,
  isShort,
  memoryBudget,
  threadsThatFit,
} from './memory/memory-budget.ts';
import { takeForeignOutput } from './foreign-output.ts';
import { redisAddress } from './open/open-redis.ts';
import { bucketUrl } from './open/open-storage.ts';
import { ownKernelsOf, requireKernels } from './kernel-problems.ts';
import { openPorts } from './open/open-ports.ts';
import { type Parts, openTelemetry } from './open/open-telemetry.ts';
import { type Configuration, type CoreSettings, readSettings } from './settings/read-settings.ts';
import { Stopping } from './stopping.ts';
import { tuneCollector } from './memory/tune-collector.ts';
import { usedBytes } from './memory/used-bytes.ts';
import { VERSION } from './version.ts';

/** Runs the consumer until it is told to stop. The result is the exit code. */
export async function run(): Promise<number> {
  try {
    return await runWith(await readSettings());
  } catch (thrown) {
    const error = classify(thrown);
    if (error.code !== 'bad_settings') throw error;
    logProblems(error);
    return 1;
  }
}

/** What is wrong with the settings goes where all lines of the consumer go, as far as they can be read. */
function logProblems({ code, message, details }: KnownError): void {
  const { values: core } = loadSettings(CORE_SETTINGS);
  const log = logOf(core, identityOf({ core, consumers: [] }));
  const { problems } = details;
  for (const problem of Array.isArray(problems) ? problems : [message]) {
    log.fatal({ code }, `Stopped: ${String(problem)}`);
  }
}

function logOf({ logLevel, logFormat }: CoreSettings, identity: Identity): Log {
  return openLog({ level: logLevel, format: logFormat, ...identity });
}

async function runWith(configuration: Configuration): Promise<number> {
  const { core, consumers, warnings } = configuration;
  const identity = identityOf(configuration);
  const log = logOf(core, identity);
  log.info(`Starting version ${VERSION}`);
  for (const { workflow, queue } of consumers) {
    log.info({ workflow: workflow.name }, `"${queue}": ${workflow.summary}`);
  }
  takeForeignOutput(log);
  log.info({ settings: settingsGiven(configuration) }, addresses(core));
  for (const warning of warnings) log.warn(warning);
  const parts: Parts = {};
  const stopping = new Stopping({
    log,
    graceMs: core.shutdownGrace * 1000,
    jobsInWork: () => parts.worker && parts.telemetry?.jobsInWork,
  });
  const open = new AsyncDisposableStack();
  try {
    const code = await untilStopped(
      () => consume(configuration, { identity, log, parts, stopping, open }),
      { log, stopping },
    );
    stopping.endSoon(code);
    return code;
  } finally {
    await open.disposeAsync().catch((err: unknown) => log.warn({ err }, 'A part did not close.'));
    stopping.release();
  }
}

/** The variables that the environment gives; secrets are masked. */
function settingsGiven({ inForce }: Configuration): Readonly<Record<string, string>> {
  const given = inForce.filter(({ isSet }) => isSet);
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

/** Where everything is that this consumer talks to. */
function addresses(core: CoreSettings): string {
  const { modelServerProtocol, tfHost, tfPort } = core;
  const models = `model servers at ${tfHost}:${tfPort} (${modelServerProtocol})`;
  return `Redis at ${redisAddress(core)}, bucket ${withoutCredentials(bucketUrl(core))}, ${models}`;
}

/** The exit code: 0 if the consumer was told to stop, and did. */
async function untilStopped(
  work: () => Promise<void>,
  { log, stopping }: { readonly log: Log; readonly stopping: Stopping },
): Promise<number> {
  try {
    await work();
  } catch (thrown) {
    const error = classify(thrown);
    const wasStopped = stopping.soon.aborted && error.kind === 'cancelled';
    if (!wasStopped) {
      const bug = error.kind === 'internal' && { err: error.cause };
      log.fatal({ code: error.code, ...bug }, `Stopped: ${error.message}`);
      return 1;
    }
  }
  log.info('Stopped');
  return 0;
}

/** How often Redis is asked about for the log. */
const LOOK_MS = 1000;
const REDIS = 'Redis';

function openPermits(
  { core, consumers }: Configuration,
  { jobs: bytes, together, most, keptFree }: MemoryBudget,
  guard: Pick<MemoryLimits, 'isTight' | 'makeRoom'>,
): PermitPool {
  // An intake that waits for a job of its queue holds a permit for it: no other queue may take that.
  const jobs = core.jobsInFlight + consumers.length - 1;
  return new PermitPool({ jobs, bytes, together, most, keptFree, ...guard });
}

interface Consuming {
  readonly identity: Identity;
  readonly log: Log;
  readonly parts: Parts;
  readonly stopping: Stopping;
  readonly open: AsyncDisposableStack;
}

/** Opens everything and works on jobs. What was opened is closed with `open`. */
async function consume(
  configuration: Configuration,
  { identity, log, parts, stopping, open }: Consuming,
): Promise<void> {
  const { core, consumers } = configuration;
  const limit = containerLimit();
  const threads = core.computeThreads ?? threadsThatFit(limit, availableParallelism());
  const budget = memoryBudget({ limit, total: totalmem(), threads, jobs: core.bytesInFlight });
  const permits: PermitPool = openPermits(
    configuration,
    budget,
    guardMemory(
      { limit, permits: () => permits, release: () => parts.ports?.releaseMemory(), log },
      open,
    ),
  );
  const telemetry = await openTelemetry(
    configuration,
    { log, identity, parts, permits, threads, stopping: stopping.soon },
    open,
  );
  parts.telemetry = telemetry;
  await openHttp(telemetry, { core, log }, open);
  const outages = new OutageLog(log, clock);
  parts.ports = await openPorts(
    {
      core,
      queues: consumers.map(({ queue }) => queue),
      hostName: identity.hostName,
      signal: stopping.soon,
      warn: (message) => log.warn(message),
      onRedisProblem: (message) => outages.tell(REDIS, message),
      onPredict: telemetry.listenToPredictions,
      onKernel: telemetry.listenToKernels,
      threads,
      ownKernels: ownKernelsOf(consumers),
      budget,
      isShort: () => isShort(usedBytes(), limit),
    },
    open,
  );
  const { ports } = parts;
  const watch = setInterval(() => outages.tell(REDIS, ports.redisProblem()), LOOK_MS);
  open.defer(() => clearInterval(watch));
  tuneOnce(ports.compute.names(), limit);
  await requireKernels(consumers, () => ports.compute.names());
  const surroundings = { ports, outages, stopping: stopping.soon };
  const firstTries = startFirstTries(configuration, surroundings, open);
  parts.firstTries = firstTries;
  const alsoTell = firstTries.listen;
  const worker = assemble(configuration, { ports, permits, telemetry, identity, alsoTell });
  parts.worker = worker;
  onAbort(stopping.soon, () => worker.stop());
  onAbort(stopping.now, () => worker.stopNow());
  // Not before: loading the code holds up nobody's job.
  open.defer(telemetry.watchLoop());
  log.info(`Taking jobs from ${consumers.map(({ queue }) => `"${queue}"`).join(', ')}`);
  const error = await worker.run();
  if (error) throw error;
}

/** Tunes the collector once the threads have loaded their kernels, or cannot: then that fails a job. */
function tuneOnce(loaded: Promise<unknown>, limit: number | undefined): void {
  const tune = (): void => tuneCollector(limit);
  loaded.then(tune, tune);
}
