import { Redis } from 'ioredis';

/** Fields that one command has written to a hash. */
export type Write = Readonly<Record<string, string>>;

/** Sees every command that a Redis server carries out, those of scripts too. */
export class HashMonitor {
  readonly #connection: Redis;
  readonly #commands: (readonly string[])[] = [];

  private constructor(connection: Redis) {
    this.#connection = connection;
    connection.on('monitor', (_time: string, command: string[]) => this.#commands.push(command));
  }

  static async open(port: number): Promise<HashMonitor> {
    // ioredis 6 cannot read what MONITOR sends in its newer protocol.
    const client = new Redis(port, '127.0.0.1', { protocol: 2 });
    try {
      return new HashMonitor(await client.monitor());
    } finally {
      client.disconnect();
    }
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
    this.#connection.disconnect();
  }
}

function fromPairs(words: readonly string[]): Write {
  const fields = words.filter((_, at) => at % 2 === 0);
  return Object.fromEntries(fields.map((field, at) => [field, words[2 * at + 1] ?? '']));
}
