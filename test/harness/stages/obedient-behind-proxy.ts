import { startRedis } from '../../../scripts/start-redis.ts';
import { TcpFaultProxy } from '../../proxies/tcp-fault-proxy.ts';
import { Deployment } from '../processes/consumer-process.ts';
import { OBEDIENT } from './obedient-workflow.ts';

export interface BehindProxy {
  readonly deployment: Deployment;
  readonly proxy: TcpFaultProxy;
  readonly close: () => Promise<void>;
}

/** A consumer of obedient jobs that reaches its Redis through a proxy, which can break the connection. */
export async function openBehindProxy(
  environment: Readonly<Record<string, string>> = {},
): Promise<BehindProxy> {
  const redis = await startRedis();
  const proxy = await TcpFaultProxy.start(redis.port);
  const deployment = await Deployment.open({
    models: [],
    redis,
    environment: { ...OBEDIENT, REDIS_PORT: String(proxy.port), ...environment },
  });
  const close = async (): Promise<void> => {
    await deployment.close();
    await proxy.close();
  };
  return { deployment, proxy, close };
}
