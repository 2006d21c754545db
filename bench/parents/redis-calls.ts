import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/** Counts what clients ask of a Redis, save for the bench itself: commands inside of scripts are part of one call. */
export class RedisCalls {
  readonly #socket: Socket;
  #rest = '';
  #count = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (text: string) => this.#read(text));
  }

  /** Without a client library: ioredis 5 takes a line that comes together with the answer to MONITOR for an error. */
  static async open(port: number): Promise<RedisCalls> {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1');
    await once(socket, 'connect');
    const calls = new RedisCalls(socket);
    socket.write('MONITOR\r\n');
    await once(socket, 'data');
    return calls;
  }

  stop(): number {
    this.#socket.destroy();
    return this.#count;
  }

  /** Lines such as `+1700000000.123456 [0 127.0.0.1:6379] "get" "key"`; those of commands in scripts say `[0 lua]`. */
  #read(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, source = '', command = ''] = /^\+[\d.]+ \[\d+ ([^\]]+)\] "([^"]*)"/.exec(line) ?? [];
      if (source !== '' && source !== 'lua' && !OWN.includes(command.toLowerCase())) this.#count++;
    }
  }
}

/** What the bench asks while it waits. */
const OWN = ['hmget', 'hgetall'];
