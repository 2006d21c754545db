import type { Fact } from '../../facts/flow.ts';

/** What the last line of a job says of it besides its outcome. */
export interface JobSummary {
  /** Of the file, in bytes. */
  readonly bytes?: number;
  /** Time between its submission and its claim. */
  readonly queuedMs?: number;
  readonly retries?: number;
  readonly cells?: string;
  readonly spots?: number;
  readonly warnings?: number;
  /** How the image was understood: the field `input` of the hash. */
  readonly input?: unknown;
}

interface Seen {
  bytes: number;
  queuedMs: number | undefined;
  warnings: number;
  notes: Readonly<Record<string, string>>;
}

/** Gathers what there is to say of jobs at their end; a job that has ended is forgotten. */
export class JobSummaries {
  readonly #seen = new Map<string, Seen>();

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job started') {
      const { queuedMs } = fact;
      this.#seen.set(fact.job.key, { bytes: 0, queuedMs, warnings: 0, notes: {} });
    } else if ('job' in fact) this.#update(fact);
  };

  /** The summary of a job that ends now. */
  take(key: string): JobSummary {
    const seen = this.#seen.get(key);
    this.#seen.delete(key);
    if (seen === undefined) return {};
    const { bytes, queuedMs, warnings, notes } = seen;
    const { predict_retries: retries, cells, spots, input } = notes;
    return {
      ...(bytes > 0 && { bytes }),
      ...(queuedMs !== undefined && { queuedMs: Math.round(queuedMs) }),
      ...(Number(retries) > 0 && { retries: Number(retries) }),
      ...(cells !== undefined && { cells }),
      ...(spots !== undefined && { spots: Number(spots) }),
      ...(warnings > 0 && { warnings }),
      ...(input !== undefined && { input: parsed(input) }),
    };
  }

  #update(fact: Extract<Fact, { job: unknown }>): void {
    const seen = this.#seen.get(fact.job.key);
    if (seen === undefined) return;
    if (fact.type === 'stage started') seen.notes = fact.notes;
    else if (fact.type === 'job warned') seen.warnings += 1;
    else if (fact.type === 'bytes moved' && fact.stage === 'download') seen.bytes = fact.bytes;
  }
}

/** JSON as what it stands for; what a workflow of its own may note instead, as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
