import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/** What a Redis was asked. */
interface Line {
  /** Microseconds by the clock of Redis. */
  readonly at: number;
  readonly isInScript: boolean;
  readonly command: string;
  readonly text: string;
}

/** When a job was submitted, claimed and settled, in milliseconds from its submission. */
export interface JobTimes {
  readonly startedMs: number;
  readonly doneMs: number;
}

export interface CommandCounts {
  /** Commands that clients sent; a script is one. */
  readonly sent: number;
  /** These, and those that scripts called. */
  readonly executed: number;
}

/** What the bench itself asks. */
const OWN: ReadonlySet<string> = new Set(['del', 'hgetall', 'hmget', 'hset', 'llen', 'lpush']);

/** Listens to all that a Redis is asked, until it is stopped. */
export class RedisTrace {
  readonly #socket: Socket;
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (text: string) => (this.#text += text));
  }

  static async open(port: number): Promise<RedisTrace> {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    await once(socket, 'connect');
    const trace = new RedisTrace(socket);
    socket.write('MONITOR\r\n');
    await once(socket, 'data');
    return trace;
  }

  stop(): void {
    this.#socket.destroy();
  }

  /** Commands of consumers. */
  counts(): CommandCounts {
    const lines = this.#lines();
    const inScripts = lines.filter(({ isInScript }) => isInScript).length;
    const sent = lines.filter(({ isInScript, command }) => !isInScript && !OWN.has(command)).length;
    return { sent, executed: sent + inScripts };
  }

  /** The times of the jobs that were submitted one at a time. */
  jobs(): JobTimes[] {
    const lines = this.#lines();
    const isSubmission = ({ isInScript, command }: Line): boolean =>
      !isInScript && command === 'lpush';
    return lines.filter(isSubmission).flatMap((submission) => {
      const key = /"([^"]*)"$/.exec(submission.text)?.[1] ?? '';
      const said = (status: string): number =>
        lines.find(
          ({ isInScript, text }) =>
            isInScript && text.includes(`"${key}"`) && text.includes(`"status" "${status}"`),
        )?.at ?? NaN;
      const since = (at: number): number => (at - submission.at) / 1000;
      return [{ startedMs: since(said('started')), doneMs: since(said('done')) }];
    });
  }

  /** Lines such as `+1700000000.123456 [0 127.0.0.1:6379] "get" "key"`; those of commands in scripts say `[0 lua]`. */
  #lines(): Line[] {
    return this.#text.split('\r\n').flatMap((line) => {
      const [, at, source, command] = /^\+([\d.]+) \[\d+ ([^\]]+)\] "([^"]*)"/.exec(line) ?? [];
      if (at === undefined || command === undefined) return [];
      const name = command.toLowerCase();
      return [{ at: 1e6 * Number(at), isInScript: source === 'lua', command: name, text: line }];
    });
  }
}
