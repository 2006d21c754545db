import { totalmem } from 'node:os';

const MIB = 2 ** 20;

/*
 * Measured by `npm run bench -- memory`: an idle consumer takes 145 MiB; what libraries and the engine add
 * under load, and garbage that is not collected yet, are in the shares below.
 */
const PROCESS_BYTES = 160 * MIB;
const THREAD_BYTES = 24 * MIB;
/** With less for each thread, one more is a danger: its own memory, its temporary arrays and what it works on. */
const ROOM_PER_THREAD = 64 * MIB;
/** What a consumer is to take where nobody limits it: 464 MiB with two threads, and 512 at the worst instant. */
const UNLIMITED_BYTES = 208 * MIB;
const UNLIMITED_THREAD_BYTES = 128 * MIB;

/** Shares of what the process and its threads leave. The rest is for garbage that is not collected yet. */
const SHARE = { jobs: 0.34, scratch: 1 / 4, outputs: 1 / 8 };
/** With less, hardly any image could be worked on. */
const LEAST = { jobs: 32 * MIB, scratch: 8 * MIB, outputs: 4 * MIB };
/** Share of what there is at all that one job may need alone. */
const ALONE = 3 / 4;
/**
 * Share of what the process and its threads leave of a container that jobs may take together while the oldest needs
 * more than usual. With 0.7 in 512 MiB, jobs of 1024² and 2048² in turn charged 500 MiB to it; with 0.6, 471.
 */
const TOGETHER = 0.6;
/** Of the process, what is no page of a file: those the system gets back by itself. */
const ANONYMOUS_BYTES = 110 * MIB;
/** Share of what there is at all that a kernel of an author may take, arrays and all. */
const OWN_KERNEL = 1 / 2;
/**
 * Share of what jobs may reserve that is kept free for the oldest. With half, a mesmer job of 1024² exceeds
 * the budget while others hold the rest, and in 512 MiB the kernel ended the consumer; with three quarters
 * only about one such job runs at a time, which costs a fifth of the rate or more.
 */
const KEPT_FREE = { limited: 3 / 4, unlimited: 1 / 2 };
/** Share with which a process is about to run out. */
const SHORT = 0.85;

interface Machine {
  /** Bytes that the container may take; undefined if nobody limits it. */
  readonly limit: number | undefined;
  /** Bytes of the machine. */
  readonly total: number;
  readonly threads: number;
  /** BYTES_IN_FLIGHT, if it is set. */
  readonly jobs: number | undefined;
}

export interface MemoryBudget {
  /** Bytes that the jobs held may reserve together. */
  readonly jobs: number;
  /** Bytes that they may reserve together while the oldest needs more than usual. */
  readonly together: number;
  /** Bytes that one job may reserve alone; one that needs more is refused. */
  readonly most: number;
  /** Share of `jobs` that is kept free for the oldest job. */
  readonly keptFree: number;
  /** Bytes of temporary arrays that each thread keeps between kernels. */
  readonly scratch: number;
  /** Bytes that a kernel of an author may take, beyond which it fails its job. */
  readonly ownKernel: number;
  /** Bytes kept for outputs of models to come. */
  readonly outputs: number;
}

/** How the memory that a consumer may take is shared out. */
export function memoryBudget({ limit, total, threads, jobs }: Machine): MemoryBudget {
  const modest = Math.min(UNLIMITED_BYTES + threads * UNLIMITED_THREAD_BYTES, total / 2);
  const left = Math.max(0, (limit ?? modest) - PROCESS_BYTES - threads * THREAD_BYTES);
  const most = Math.floor(ALONE * (limit ?? total));
  return {
    jobs: jobs ?? share(left, 'jobs'),
    together: limit === undefined ? most : together(limit, threads),
    most,
    keptFree: limit === undefined ? KEPT_FREE.unlimited : KEPT_FREE.limited,
    ownKernel: Math.floor(OWN_KERNEL * (limit ?? total)),
    scratch: Math.max(LEAST.scratch, Math.floor((SHARE.scratch * left) / threads)),
    outputs: share(left, 'outputs'),
  };
}

function together(limit: number, threads: number): number {
  const left = limit - ANONYMOUS_BYTES - threads * THREAD_BYTES;
  return Math.max(LEAST.jobs, Math.floor(TOGETHER * left));
}

/** How many compute threads a container has room for: one for each core, but no more than its memory bears. */
export function threadsThatFit(limit: number | undefined, cores: number): number {
  const room = (limit ?? Infinity) - PROCESS_BYTES - LEAST.jobs;
  return Math.max(1, Math.min(cores, Math.floor(room / ROOM_PER_THREAD)));
}

/** What a consumer with two threads takes without any job. */
export const IDLE_BYTES = PROCESS_BYTES + 2 * THREAD_BYTES;
/** What one with two threads takes in all where nobody limits it. */
export const MODEST_BYTES = UNLIMITED_BYTES + 2 * UNLIMITED_THREAD_BYTES;

/** Bytes that the container of this process may take; undefined if nobody limits it. */
export function containerLimit(): number | undefined {
  return memoryLimit(process.constrainedMemory(), totalmem());
}

/** Bytes that the container may take, given what the system says of it; undefined if that is no limit. */
export function memoryLimit(constrained: number, total: number): number | undefined {
  return constrained > 0 && constrained < total ? constrained : undefined;
}

/** Whether a process that takes so much is about to run out of memory. */
export function isShort(used: number, limit: number | undefined): boolean {
  return limit !== undefined && used > SHORT * limit;
}

function share(left: number, part: keyof typeof SHARE): number {
  return Math.max(LEAST[part], Math.floor(SHARE[part] * left));
}
