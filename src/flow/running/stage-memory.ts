import { KnownError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { bytesHeld } from './held-bytes.ts';
import type { Permit } from '../in-flight.ts';
import type { GiveBack } from '../stage.ts';
import type { Place } from './places.ts';

interface MemoryOptions {
  /** Its name. */
  readonly stage: string;
  readonly permit: Permit;
  /** What the stage got. */
  readonly value: object;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Called with what the job holds whenever that has changed. */
  readonly onChange: (bytes: number) => void;
}

/** What others may use while the job waits for memory. */
interface Lendable {
  lend(): void;
}

/** What one job holds in one stage: its value, and what the stage has reserved besides. */
export class StageMemory {
  readonly #options: MemoryOptions;
  readonly #ended = new AbortController();
  /** What the job held when the stage was first tried. */
  #atStart: number;
  #bytes: number;
  #waits = 0;
  /** Since when the job waits, if it does. */
  #waitingSince = 0;
  #waitedMs = 0;
  /** Attempts at a remote that last now. */
  readonly #attempts = new Set<Lendable>();
  /** The place to leave to others while the job waits for memory. */
  place: Place | undefined;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.#atStart = bytesHeld(options.value);
    this.#bytes = this.#atStart;
  }

  /** Waits until the stage may take `bytes` more, as long as it lasts. */
  async enter(bytes: number): Promise<void> {
    this.#options.permit.arrive(this.#options.stage);
    if (bytes > 0) await this.reserve(bytes);
    else if (this.#bytes > 0) this.#options.onChange(this.#bytes);
    this.#atStart = this.#bytes;
  }

  /**
   * Waits until the stage may take `bytes` more, and at once with them `staying`, which are not given back.
   * What is not given back before goes back when the stage ends.
   */
  async reserve(bytes: number, staying = 0): Promise<GiveBack> {
    if (this.#tryAdd(bytes + staying)) return this.#giveBackOnce(bytes);
    const wait = (): Promise<void> => this.#wait(bytes + staying);
    for (const attempt of this.#attempts) attempt.lend();
    if (this.#waits++ === 0) this.#waitingSince = this.#options.clock.monotonic();
    try {
      await (this.place?.lend(wait) ?? wait());
    } finally {
      const untilNow = this.waitedMs;
      if (--this.#waits === 0) this.#waitedMs = untilNow;
    }
    return this.#giveBackOnce(bytes);
  }

  /** Whether the stage waits for other jobs: for their memory, or for the place that it left to them meanwhile. */
  get isWaiting(): boolean {
    return this.#waits > 0;
  }

  /** Milliseconds for which it has waited so. */
  get waitedMs(): number {
    const now = this.#options.clock.monotonic();
    return this.#waitedMs + (this.isWaiting ? now - this.#waitingSince : 0);
  }

  /** Makes an attempt at a remote, whose admission is lent as soon as the job waits for memory. */
  async during<Result>(
    admission: Lendable | undefined,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    if (admission === undefined) return attempt();
    this.#attempts.add(admission);
    try {
      return await attempt();
    } finally {
      this.#attempts.delete(admission);
    }
  }

  /** Reserves if that needs no waiting; undefined if it does. */
  tryReserve(bytes: number): GiveBack | undefined {
    return this.#tryAdd(bytes) ? this.#giveBackOnce(bytes) : undefined;
  }

  /** The stage is tried anew: what the last attempt has reserved goes back. */
  restart(): void {
    if (this.#bytes > this.#atStart) this.#giveBack(this.#bytes - this.#atStart);
  }

  /** From now on the job holds what the stage left. */
  end(left: object): void {
    this.#ended.abort(ended());
    const bytes = bytesHeld(left);
    this.#options.permit.holds(bytes);
    if (bytes !== this.#bytes) this.#options.onChange(bytes);
  }

  #tryAdd(bytes: number): boolean {
    const { permit, signal } = this.#options;
    const isOver = signal.aborted || this.#ended.signal.aborted;
    if (isOver || !permit.tryReserve(bytes)) return false;
    this.#add(bytes);
    return true;
  }

  async #wait(bytes: number): Promise<void> {
    const { permit, signal } = this.#options;
    await permit.reserve(bytes, AbortSignal.any([signal, this.#ended.signal]));
    this.#add(bytes);
  }

  #giveBackOnce(bytes: number): GiveBack {
    let isHeld = true;
    return () => {
      if (isHeld && !this.#ended.signal.aborted) this.#giveBack(bytes);
      isHeld = false;
    };
  }

  #giveBack(bytes: number): void {
    this.#options.permit.giveBack(bytes);
    this.#add(-bytes);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#options.onChange(this.#bytes);
  }
}

function ended(): KnownError {
  return new KnownError('internal', 'The stage that asked for memory has ended.');
}
