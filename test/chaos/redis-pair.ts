import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, redisProgram } from '../../scripts/start-redis.ts';
import { TcpFaultProxy } from '../proxies/tcp-fault-proxy.ts';

interface Server {
  readonly port: number;
  readonly folder: string;
  readonly proxy: TcpFaultProxy;
  process: ChildProcess;
}

const GROUP = 'kiosk';

/**
 * A Redis that writes what it is told to disk, a replica, and a Sentinel that watches them. Everybody reaches the two through
 * proxies that can cut and freeze connections.
 */
export class RedisPair {
  readonly sentinelPort: number;
  readonly #servers: readonly [Server, Server];
  readonly #sentinel: ChildProcess;
  readonly #folder: string;

  private constructor(parts: {
    servers: readonly [Server, Server];
    sentinel: ChildProcess;
    sentinelPort: number;
    folder: string;
  }) {
    this.#servers = parts.servers;
    this.#sentinel = parts.sentinel;
    this.sentinelPort = parts.sentinelPort;
    this.#folder = parts.folder;
  }

  static async start(): Promise<RedisPair> {
    const master = await startServer();
    const replica = await startServer();
    await replicate(replica, master);
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-chaos-'));
    const sentinelPort = await freePort();
    const settings = [
      `port ${sentinelPort}`,
      'bind 127.0.0.1',
      `sentinel monitor ${GROUP} 127.0.0.1 ${master.proxy.port} 1`,
      `sentinel down-after-milliseconds ${GROUP} 3000`,
      `sentinel failover-timeout ${GROUP} 5000`,
    ];
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, settings.join('\n'));
    const sentinel = spawn(redisProgram(), [file, '--sentinel'], { stdio: 'ignore' });
    await sleep(1000);
    return new RedisPair({ servers: [master, replica], sentinel, sentinelPort, folder });
  }

  /** A connection that follows the master. */
  client(): Redis {
    const redis = new Redis({
      sentinels: [{ host: '127.0.0.1', port: this.sentinelPort }],
      name: GROUP,
      maxRetriesPerRequest: null,
      failoverDetector: true,
      socketTimeout: 3000,
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
      protocol: 2,
    });
    redis.on('error', () => undefined);
    return redis;
  }

  /** Kills the master and starts it again with what it wrote to disk. */
  async restart(downMs: number): Promise<void> {
    const server = await this.#master();
    const exited = once(server.process, 'exit');
    server.process.kill('SIGKILL');
    await exited;
    await sleep(downMs);
    server.process = await launch(server.port, server.folder, server.proxy.port);
  }

  /** Ends the master for good. */
  async killMaster(): Promise<void> {
    (await this.#master()).process.kill('SIGKILL');
  }

  /** The master hangs: its connections stay open, and nothing is answered. */
  async pauseMaster(): Promise<void> {
    (await this.#master()).process.kill('SIGSTOP');
  }

  /** The Sentinel does nothing. */
  pauseSentinel(): void {
    this.#sentinel.kill('SIGSTOP');
  }

  resumeSentinel(): void {
    this.#sentinel.kill('SIGCONT');
  }

  /** A connection to the server that is the master now, and stays with it. */
  async direct(): Promise<Redis> {
    return new Redis((await this.#master()).port, '127.0.0.1', { protocol: 2 });
  }

  /** The port at which others reach the server that the Sentinel names as master. */
  async named(): Promise<number> {
    const sentinel = new Redis(this.sentinelPort, '127.0.0.1', { protocol: 2 });
    try {
      // The documented reply: address and port.
      const reply = (await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', GROUP)) as string[];
      return Number(reply[1]);
    } finally {
      sentinel.disconnect();
    }
  }

  /** Whether a connection leads to the server that the Sentinel names as master. */
  async leadsToMaster(redis: Redis): Promise<boolean> {
    const named = await this.named();
    const server = this.#servers.find(({ proxy }) => proxy.port === named);
    const text = await redis.info('server');
    return Number(/tcp_port:(\d+)/.exec(text)?.[1]) === server?.port;
  }

  /** Waits until the Sentinel knows the replica: it can hand over to no other. */
  async settled(): Promise<void> {
    const sentinel = new Redis(this.sentinelPort, '127.0.0.1', { protocol: 2 });
    for (;;) {
      const replicas = await sentinel.call('SENTINEL', 'REPLICAS', GROUP);
      if (Array.isArray(replicas) && replicas.length > 0) break;
      await sleep(100);
    }
    sentinel.disconnect();
  }

  /** Has the Sentinel make the replica the master. */
  async failOver(): Promise<void> {
    const sentinel = new Redis(this.sentinelPort, '127.0.0.1', { protocol: 2 });
    await sentinel.call('SENTINEL', 'FAILOVER', GROUP).catch(() => undefined);
    sentinel.disconnect();
  }

  /** Resets all connections to both servers. */
  cut(): void {
    for (const { proxy } of this.#servers) proxy.cut();
  }

  /** Loses everything on the connections of now, which stay open. */
  freeze(): void {
    for (const { proxy } of this.#servers) proxy.freeze();
  }

  async close(): Promise<void> {
    this.#sentinel.kill('SIGKILL');
    for (const { process, proxy, folder } of this.#servers) {
      process.kill('SIGKILL');
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #master(): Promise<Server> {
    for (const server of this.#servers) {
      const redis = new Redis(server.port, '127.0.0.1', { protocol: 2, retryStrategy: () => null });
      redis.on('error', () => undefined);
      const role = await redis.role().catch(() => []);
      redis.disconnect();
      if (role[0] === 'master') return server;
    }
    return this.#servers[0];
  }
}

async function startServer(): Promise<Server> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-chaos-redis-'));
  const proxy = await TcpFaultProxy.start(port);
  return { port, folder, proxy, process: await launch(port, folder, proxy.port) };
}

async function launch(port: number, folder: string, announced: number): Promise<ChildProcess> {
  const options = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    'replica-announce-ip': '127.0.0.1',
    'replica-announce-port': announced,
    'repl-diskless-sync-delay': 0,
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const process = spawn(redisProgram(), words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    process.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Ready to accept connections')) resolve();
    });
    process.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
  });
  return process;
}

async function replicate(replica: Server, master: Server): Promise<void> {
  const redis = new Redis(replica.port, '127.0.0.1', { protocol: 2 });
  await redis.replicaof('127.0.0.1', master.proxy.port);
  while (!(await redis.info('replication')).includes('master_link_status:up')) await sleep(50);
  redis.disconnect();
}
