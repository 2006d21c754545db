import { type Redis, type SentinelConnectionOptions, SentinelConnector } from 'ioredis';

/** Connects to the master that Sentinels name, without two faults of the library's own connector. */
export class SafeSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    // What ioredis gives to every connector: its own options.
    super(options as SentinelConnectionOptions);
    const connect = this['connectToSentinel'].bind(this);
    // The connections over which it hears of fail-overs have no listener for errors: each would be written to
    // the console, between the lines of the log. They are made again by themselves.
    this['connectToSentinel'] = (endpoint: unknown, more: unknown): Redis => {
      const sentinel: Redis = connect(endpoint, more);
      sentinel.on('error', () => undefined);
      return sentinel;
    };
  }

  /**
   * The detector of the connection before still listens while a new one is made. The fail-over that it then
   * hears of would end that attempt, after which ioredis makes no other: the client would be dead for ever.
   */
  override async connect(
    emitError: Parameters<SentinelConnector['connect']>[0],
  ): ReturnType<SentinelConnector['connect']> {
    this['failoverDetector']?.cleanup();
    return super.connect(emitError);
  }
}
