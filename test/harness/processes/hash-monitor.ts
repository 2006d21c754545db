import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/** Fields that one command has written to a hash. */
export type Write = Readonly<Record<string, string>>;

/**
 * Sees every command that a Redis server carries out, those of scripts too. Speaks to the server by itself: the answers to the
 * greetings of ioredis get lost among the commands that MONITOR reports.
 */
export class HashMonitor {
  readonly #socket: Socket;
  readonly #commands: (readonly string[])[] = [];
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk.toString()));
  }

  static async open(port: number): Promise<HashMonitor> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('MONITOR\r\n');
    // The server says OK before it reports anything.
    await once(socket, 'data');
    return new HashMonitor(socket);
  }

  /** What was written to a hash, in order. */
  writesTo(key: string): Write[] {
    return this.#commands.flatMap(([name = '', target, ...fields]) => {
      const writes = /^(hset|hmset)$/i.test(name) && target === key;
      return writes ? [fromPairs(fields)] : [];
    });
  }

  /** The names of the commands that changed a hash or took its key from a list, in order. */
  changesOf(key: string): string[] {
    return this.#commands.flatMap(([name = '', ...words]) =>
      /^(hset|hmset|lrem)$/i.test(name) && words.includes(key) ? [name.toUpperCase()] : [],
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const lines = `${this.#rest}${text}`.split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#commands.push(wordsOf(line));
  }
}

/** The words of a line such as `+1700000000.1 [0 lua] "HSET" "a key" "a field" "a \\"value\\""`. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word.replaceAll(/\\(["\\])/g, '$1'),
  );
}

function fromPairs(words: readonly string[]): Write {
  const fields = words.filter((_, at) => at % 2 === 0);
  return Object.fromEntries(fields.map((field, at) => [field, words[2 * at + 1] ?? '']));
}
