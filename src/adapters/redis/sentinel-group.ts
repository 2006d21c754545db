import { Redis, type RedisOptions } from 'ioredis';

/** Replies keep the shapes of RESP2. */
export type ConnectionOptions = RedisOptions & { readonly replyMapping?: 'legacy' };

interface Login {
  readonly username: string;
  readonly password: string;
}

export interface SentinelGroup {
  readonly name: string;
  /** Undefined if the Sentinel wants none. */
  readonly login: Login | undefined;
}

/**
 * The last group of masters that a Sentinel watches; undefined if the address is that of a plain Redis, which
 * does not know the command. Tried without a login first: a Sentinel often has no password where its Redis
 * has one.
 */
export async function sentinelGroup(
  options: ConnectionOptions,
  login: Login,
): Promise<SentinelGroup | undefined> {
  try {
    return asGroup(await masters(options), undefined);
  } catch (error) {
    if (!isRefused(error) || login.password === '') throw error;
    const { username, password } = login;
    const own = { password, ...(username !== '' && { username }) };
    return asGroup(await masters({ ...options, ...own }), login);
  }
}

async function masters(options: ConnectionOptions): Promise<unknown> {
  const probe = new Redis({
    ...options,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  let trouble: unknown;
  probe.on('error', (error) => (trouble = error));
  try {
    await probe.connect().catch((error: unknown) => {
      throw trouble ?? error;
    });
    return await probe.call('SENTINEL', 'MASTERS').catch((error: unknown) => {
      if (error instanceof Error && /^(ERR unknown|ERR unsupported|NOPERM)/i.test(error.message)) {
        return undefined;
      }
      throw trouble ?? error;
    });
  } finally {
    probe.disconnect();
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOAUTH');
}

function asGroup(found: unknown, login: Login | undefined): SentinelGroup | undefined {
  const name = Array.isArray(found) ? groupName(found.at(-1)) : undefined;
  return name === undefined ? undefined : { name, login };
}

/** A group is a list of names and values in turn. */
function groupName(group: unknown): string | undefined {
  if (!Array.isArray(group)) return undefined;
  const name: unknown = group[group.indexOf('name') + 1];
  return typeof name === 'string' ? name : undefined;
}
