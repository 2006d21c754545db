import type { KnownError } from '../errors.ts';
import { claimLost } from '../flow/family.ts';
import type { Claim } from '../ports.ts';

interface Held {
  readonly control: AbortController;
  claim: Claim | undefined;
}

/**
 * The jobs that this process works on, from the pop of a key to its end, and the parents that wait in its
 * processing list for their children. Whatever else is in that list belongs to nobody.
 */
export class HeldJobs {
  readonly #working = new Map<string, Held>();
  /** In the order in which they were parked. */
  readonly #parked = new Map<string, Claim>();
  readonly #again = new Set<string>();
  #hasStray = false;
  /** The signals of jobs in whose time this process stood still. */
  readonly #interrupted = new WeakSet<AbortSignal>();

  /** A key was popped. The signal fires when its job is to be given up. */
  begin(key: string): AbortSignal {
    const control = new AbortController();
    this.#working.set(key, { control, claim: undefined });
    return control.signal;
  }

  claimed(claim: Claim): void {
    const held = this.#working.get(claim.key);
    if (held) held.claim = claim;
    this.#parked.delete(claim.key);
  }

  /** The job that was begun with this signal is not ours to work on any more. */
  end(key: string, signal: AbortSignal): void {
    if (this.#working.get(key)?.control.signal !== signal) return;
    this.#working.delete(key);
    if (this.#again.delete(key)) this.#hasStray = true;
  }

  /** Whether, since it was asked last, a job has ended whose key had been popped again: nobody works on that entry. */
  takeStray(): boolean {
    const hadStray = this.#hasStray;
    this.#hasStray = false;
    return hadStray;
  }

  /** The key of a job in work was popped: perhaps it is on its way out, and back already. */
  poppedAgain(key: string): void {
    this.#again.add(key);
  }

  park(claim: Claim): void {
    this.#parked.set(claim.key, claim);
  }

  /** Whether a job of this key is in work here. */
  has(key: string): boolean {
    return this.#working.has(key);
  }

  claimOf(key: string): Claim | undefined {
    return this.#working.get(key)?.claim;
  }

  get size(): number {
    return this.#working.size;
  }

  get parked(): readonly Claim[] {
    return [...this.#parked.values()];
  }

  /** The keys that belong here, those included that are not claimed yet. */
  keys(): string[] {
    return [...this.#working.keys(), ...this.#parked.keys()];
  }

  claims(): Claim[] {
    const working = [...this.#working.values()].flatMap(({ claim }) => claim ?? []);
    return [...working, ...this.#parked.values()];
  }

  /** This process, or its event loop, stood still: longer than one that is merely cut off does. */
  stoodStill(): void {
    for (const { control } of this.#working.values()) this.#interrupted.add(control.signal);
  }

  /** Whether this process ran all the while that it had the job that was begun with this signal. */
  ranOn(signal: AbortSignal): boolean {
    return !this.#interrupted.has(signal);
  }

  /** A claim is ours no longer: its job is given up, a parked parent is forgotten. */
  lose({ key, token }: Claim): void {
    if (this.#parked.get(key)?.token === token) this.#parked.delete(key);
    const held = this.#working.get(key);
    if (held?.claim?.token === token) held.control.abort(claimLost());
  }

  /** Gives up every job in work. */
  giveUp(reason: KnownError): void {
    for (const { control } of this.#working.values()) control.abort(reason);
  }
}
