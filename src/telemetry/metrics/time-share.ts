/** How fast it forgets: what was so for seven seconds was so for half of the time. */
const KEPT_SECONDS = 10;

/** For how much of the last seconds something was so: 0 to 1. */
export class TimeShare {
  #share = 0;

  get share(): number {
    return this.#share;
  }

  /** Counts the seconds since the last call. */
  add(seconds: number, wasSo: boolean): void {
    const kept = Math.exp(-seconds / KEPT_SECONDS);
    this.#share = this.#share * kept + (wasSo ? 1 - kept : 0);
  }
}
