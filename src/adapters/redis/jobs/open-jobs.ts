import type { Clock, JobFamilies, JobHashes, JobQueue } from '../../../ports.ts';
import type { Dial } from '../connect.ts';
import type { RedisLink } from '../redis-link.ts';
import { BlockingPop } from './blocking-pop.ts';
import { Member } from './member.ts';
import { processIdentity } from './process-identity.ts';
import { RedisJobFamilies } from './redis-job-families.ts';
import { RedisJobHashes } from './redis-job-hashes.ts';
import { RedisJobQueue } from './redis-job-queue.ts';

export interface RedisJobsOptions {
  /** For the connection of the blocking pop. */
  readonly dial: Dial;
  /** For everything else; shared by the queues of a process. The caller closes it. */
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly queue: string;
  /** All queues that this process serves, for others to see; `queue` alone if absent. */
  readonly queues?: readonly string[];
  /** In Kubernetes the name of the pod: the janitor looks for a pod of this name. */
  readonly hostName: string;
  /** The processing list, where not the one that the neighbours know; its name ends with that of the host. */
  readonly list?: string;
  readonly version: string;
  /** How long one wait for a key lasts. */
  readonly popSeconds: number;
  /** Children of one parent that are in queues at a time. */
  readonly childrenInQueue: number;
  /** How long children stay that have ended, once their parent has. */
  readonly expireSeconds: number;
}

/** The jobs of one queue. */
export interface RedisJobs {
  readonly queue: JobQueue;
  readonly hashes: JobHashes;
  readonly families: JobFamilies;
}

/** This process as a consumer of one queue in Redis. Sends nothing yet. */
export function openRedisJobs(options: RedisJobsOptions): RedisJobs {
  const { dial, link, clock, queue, hostName, version, popSeconds, expireSeconds } = options;
  const { list, queues = [queue] } = options;
  const member = new Member({ link, queue, hostName, ...(list !== undefined && { list }) });
  const lists = { from: queue, to: member.list };
  const since = clock.now().toISOString();
  return {
    queue: new RedisJobQueue({
      member,
      blockingPop: new BlockingPop({ dial, link, clock, ...lists, seconds: popSeconds }),
      presence: { host: hostName, since, version, queues, ...processIdentity() },
      clock,
      expireSeconds,
    }),
    hashes: new RedisJobHashes(member, expireSeconds),
    families: new RedisJobFamilies(member, options.childrenInQueue),
  };
}
