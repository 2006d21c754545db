import { randomBytes } from 'node:crypto';
import type { RedisLink } from '../redis-link.ts';
import type { Reply } from '../reply.ts';
import type { Script } from '../scripts/load-script.ts';

interface MemberOptions {
  readonly link: RedisLink;
  readonly queue: string;
  readonly hostName: string;
  /** Our processing list, whose name ends with the host name. */
  readonly list?: string;
}

/** This process as a consumer of one queue. */
export class Member {
  readonly link: RedisLink;
  readonly queue: string;
  readonly host: string;
  readonly list: string;
  /** Differs between all processes that ever were; the host of an owner follows from it. */
  readonly owner: string;

  constructor({ link, queue, hostName, list }: MemberOptions) {
    this.link = link;
    this.queue = queue;
    this.host = hostName;
    this.list = list ?? `processing-${queue}:${hostName}`;
    this.owner = `${randomBytes(16).toString('hex')}@${hostName}`;
  }

  /** Runs a script that begins with who asks (scripts/parts/me.lua). */
  async run(script: Script, words: readonly (string | number)[]): Promise<Reply> {
    return this.link.run(script, [this.queue, this.list], [this.host, this.owner, ...words]);
  }
}
