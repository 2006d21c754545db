import { keep, startingInputs } from './corpus.ts';
import type { Verdict } from './judge.ts';
import { splice } from './mutate/bytes.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';
import type { Target } from './targets/target.ts';
import { Workshop } from './workshop.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Whether inputs that show something new are added to the corpus; those that show a fault always are. */
  readonly keeps: boolean;
}

/** Feeds a format with inputs, changed again and again, of which those that show something new are changed further. */
export class Fuzzer {
  readonly #format: string;
  readonly #target: Target;
  readonly #random: Random;
  readonly #workshop: Workshop;
  readonly #behaviours = new Set<string>();
  readonly #keeps: boolean;
  #inputs: Uint8Array[];
  runs = 0;
  /** What was wrong, and the file that shows it. */
  readonly faults: string[] = [];

  constructor(format: string, target: Target, { seed, keeps }: FuzzOptions) {
    this.#format = format;
    this.#target = target;
    this.#random = new Random(seed);
    this.#workshop = new Workshop(format);
    this.#keeps = keeps;
    this.#inputs = startingInputs(format, target);
  }

  get behaviours(): number {
    return this.#behaviours.size;
  }

  async run(seconds: number): Promise<void> {
    for (const input of this.#inputs) await this.#try(input, false);
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) await this.#try(this.#next(), true);
    await this.#workshop.close();
  }

  /** Later inputs, which showed something new, are changed more often than those of the beginning. */
  #next(): Uint8Array {
    const random = this.#random;
    const place = Math.max(random.next(), random.next());
    const input = this.#inputs[Math.floor(place * this.#inputs.length)] ?? new Uint8Array(0);
    if (random.chance(0.05)) return splice(input, random.pick(this.#inputs), random);
    let changed = this.#target.mutate(input, random);
    while (random.chance(0.3)) changed = this.#target.mutate(changed, random);
    return changed;
  }

  async #try(input: Uint8Array, isNew: boolean): Promise<void> {
    const verdict = await this.#workshop.judge(input);
    this.runs++;
    const { behaviour, fault } = verdict;
    if (this.#behaviours.has(behaviour)) return;
    this.#behaviours.add(behaviour);
    if (fault !== undefined) await this.#report(input, verdict);
    else if (isNew) await this.#remember(input, behaviour);
  }

  async #report(input: Uint8Array, { fault = '' }: Verdict): Promise<void> {
    const small = await shrink(input, async (bytes) => {
      return (await this.#workshop.judge(bytes)).fault === fault;
    });
    this.faults.push(`${fault}: ${keep(this.#format, 'fault', small)}`);
  }

  async #remember(input: Uint8Array, behaviour: string): Promise<void> {
    this.#inputs.push(input);
    if (!this.#keeps) return;
    const small = await shrink(input, async (bytes) => {
      return (await this.#workshop.judge(bytes)).behaviour === behaviour;
    });
    keep(this.#format, 'new', small);
  }
}
