import type { WriteStream } from 'node:tty';
import { Pace } from './pace.ts';
import type { Counts } from './progress.ts';

/** Shows how far a submission is. */
export interface Display {
  show(counts: Counts): void;
  /** A line that stays. */
  say(line: string): void;
  close(): void;
}

/** A bar that moves on a terminal; elsewhere a line now and then. */
export function openDisplay(stream: WriteStream): Display {
  return stream.isTTY ? bar(stream) : lines(stream);
}

const CLEAR_LINE = '\r\u001b[2K';
const LONGEST_BAR = 30;
const USUAL_COLUMNS = 80;
const LINE_INTERVAL_MS = 1000;

function bar(stream: WriteStream): Display {
  let current = '';
  const pace = new Pace(() => performance.now());
  // Some terminals say that they are 0 columns wide.
  const columns = (): number => stream.columns || USUAL_COLUMNS;
  const draw = (): void => void stream.write(CLEAR_LINE + current.slice(0, columns() - 1));
  return {
    show(counts) {
      current = `${blocks(counts)} ${words(counts)}${pace.words(counts)}`;
      draw();
    },
    say(line) {
      stream.write(`${CLEAR_LINE}${line}\n`);
      draw();
    },
    close: () => void stream.write(current === '' ? '' : '\n'),
  };
}

function lines(stream: WriteStream): Display {
  let [written, latest, writtenAt] = ['', '', -Infinity];
  let later: NodeJS.Timeout | undefined;
  const pace = new Pace(() => performance.now());
  const write = (): void => {
    clearTimeout(later);
    later = undefined;
    if (latest !== written) stream.write(`${latest}\n`);
    [written, writtenAt] = [latest, performance.now()];
  };
  return {
    show(counts) {
      latest = `${words(counts)}${pace.words(counts)}`;
      const wait = writtenAt + LINE_INTERVAL_MS - performance.now();
      if (wait <= 0) write();
      else later ??= setTimeout(write, wait).unref();
    },
    say: (line) => void stream.write(`${line}\n`),
    close: write,
  };
}

function blocks({ uploading, waiting, done, failed, parents }: Counts): string {
  const half = parents ? (parents.jobs * (parents.done + parents.failed)) / parents.total : 0;
  const all = done + failed + waiting + uploading;
  const filled = Math.min(LONGEST_BAR, Math.round((LONGEST_BAR * (done + failed + half)) / all));
  return `${'█'.repeat(filled)}${'░'.repeat(LONGEST_BAR - filled)}`;
}

function words({ uploading, waiting, done, failed, parents }: Counts): string {
  const parts = [`${done} done`, `${failed} failed`, `${waiting} waiting${within(parents)}`];
  return [...parts, ...(uploading > 0 ? [`${uploading} to upload`] : [])].join(', ');
}

/** How far the jobs are that are made of others. */
function within(parents: Counts['parents']): string {
  if (parents === undefined) return '';
  const { done, failed, total } = parents;
  return ` (of ${total} parts ${done} done, ${failed} failed)`;
}
