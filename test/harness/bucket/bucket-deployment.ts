import type { LocalRedis } from '../../../scripts/start-redis.ts';
import { type GcsServer, startGcsServer } from '../../fakes/gcs-server.ts';
import { HttpFaultProxy } from '../../proxies/http-fault-proxy.ts';
import { type Hash, Deployment, doubling } from '../processes/consumer-process.ts';
import { COPY_WORKFLOW } from '../copy-workflow.ts';

/** A consumer as a process that copies files, and its gs:// bucket, behind a proxy whose requests fail as told. */
export class BucketDeployment {
  readonly deployment: Deployment;
  readonly proxy: HttpFaultProxy;
  readonly store: GcsServer;

  private constructor(deployment: Deployment, proxy: HttpFaultProxy, store: GcsServer) {
    this.deployment = deployment;
    this.proxy = proxy;
    this.store = store;
  }

  /** `redis`: the Redis to use; one of its own is started otherwise. */
  static async open(
    environment: Readonly<Record<string, string>>,
    redis?: LocalRedis,
  ): Promise<BucketDeployment> {
    const store = await startGcsServer('images');
    const proxy = await HttpFaultProxy.start(store.port);
    const deployment = Deployment.open({
      models: [doubling],
      ...(redis && { redis }),
      environment: {
        CONSUMER_TYPE: 'copy',
        WORKFLOW_MODULES: COPY_WORKFLOW,
        STORAGE_BUCKET: 'gs://images',
        STORAGE_EMULATOR_HOST: proxy.endpoint,
        ...environment,
      },
    });
    try {
      return new BucketDeployment(await deployment, proxy, store);
    } catch (error) {
      await proxy.close();
      await store.close();
      throw error;
    }
  }

  /** Uploads a file for each name and submits a job for it. The result is the keys of the jobs. */
  async submit(...names: readonly string[]): Promise<string[]> {
    for (const name of names) {
      const metadata = { name: `uploads/${name}` };
      this.store.objects.put(new URLSearchParams(), metadata, Buffer.from(name));
      await this.deployment.submit(`image:${name}`, { input_file_name: `uploads/${name}` });
    }
    return names.map((name) => `image:${name}`);
  }

  async hashes(keys: readonly string[]): Promise<Hash[]> {
    return Promise.all(keys.map((key) => this.deployment.redis.hgetall(key)));
  }

  /** How many of the jobs have each status. */
  async statuses(keys: readonly string[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { status = '' } of await this.hashes(keys))
      counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  /** Why the consumer is not ready; empty if it is. */
  async notReady(): Promise<Record<string, string>> {
    const [, port] = /"httpPort":(\d+)/.exec(this.deployment.log) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}/ready`);
    // The documented form of /ready.
    const { reasons } = (await answer.json()) as { readonly reasons: Record<string, string> };
    return reasons;
  }

  /** Lines of the log that hold these words. */
  lines(words: string): string[] {
    return this.deployment.log.split('\n').filter((line) => line.includes(words));
  }

  async close(): Promise<void> {
    await this.deployment.close();
    await this.proxy.close();
    await this.store.close();
  }
}
