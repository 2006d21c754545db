import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import { S3Client, type S3ClientConfig, S3ServiceException } from '@aws-sdk/client-s3';
import { HttpAgent, HttpsAgent } from '../../../node-http.ts';
import { statusOf } from './s3-error.ts';
import { type BucketTimeouts, withRequestTimeout } from '../timeouts.ts';

/** Proxies by scheme, and the hosts that are reached without one: HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export interface S3RequestsOptions {
  /** For messages. */
  readonly bucketUrl: string;
  /** Another endpoint than Amazon's, such as MinIO; empty for Amazon's. */
  readonly endpoint: string;
  readonly region: string;
  /** Whether requests go without credentials. */
  readonly anonymous: boolean;
  readonly proxy: ProxySettings;
  readonly timeouts: BucketTimeouts;
  readonly warn: (message: string) => void;
}

/** A client, and whether it uses the checksum headers of S3. */
export interface S3Speech {
  readonly client: S3Client;
  readonly region: string;
  readonly checksums: boolean;
}

type Request<Output> = (speech: S3Speech, abortSignal: AbortSignal) => Promise<Output>;

/** Refusals that have nothing to do with checksum headers. */
const OTHER_REFUSALS: ReadonlySet<string> = new Set([
  'BadDigest',
  'EntityTooLarge',
  'ExpiredToken',
  'InvalidBucketName',
  'InvalidToken',
  'KeyTooLongError',
  'RequestTimeout',
]);

/**
 * Requests to an S3 store, one attempt each. What a first refusal tells about the store is learned, and the request is
 * sent once more: the region of the bucket, and that an old server does not know the checksum headers that the SDK
 * sends by default (501 or 400). From then on all requests are sent in the way that works.
 */
export class S3Requests {
  readonly #options: S3RequestsOptions;
  readonly #agents: { readonly httpAgent: Agent; readonly httpsAgent: SecureAgent };
  readonly #speeches = new Map<string, S3Speech>();
  #speech: S3Speech;
  /** True once the store has taken a checksum. Many ignore the header of a download and refuse an upload. */
  #takesChecksums = false;

  constructor(options: S3RequestsOptions) {
    this.#options = options;
    this.#agents = agents(options.proxy);
    this.#speech = this.#speaking(options.region, true);
  }

  /** The URL of the bucket, with its name in the path, by the SDK's own table of regions and partitions. */
  addressOf(bucket: string): string {
    const { client, region } = this.#speech;
    const { endpoint } = this.#options;
    const { url } = client.config.endpointProvider({
      Bucket: bucket,
      Region: region,
      ForcePathStyle: true,
      // Without it the address of us-east-1 would name the region: correct, but not what the Kiosk's clients know.
      UseGlobalEndpoint: endpoint === '' && region === 'us-east-1',
      ...(endpoint !== '' && { Endpoint: endpoint }),
    });
    return url.href;
  }

  /** Of a request that stores bytes: see `send`. */
  async store<Output>(request: Request<Output>, signal: AbortSignal): Promise<Output> {
    const output = await this.send(request, signal);
    this.#takesChecksums ||= this.#speech.checksums;
    return output;
  }

  async send<Output>(request: Request<Output>, signal: AbortSignal): Promise<Output> {
    const speech = this.#speech;
    try {
      return await this.#sendAs(speech, request, signal);
    } catch (error) {
      const other = this.#otherSpeech(error, speech);
      if (other === undefined) throw error;
      const output = await this.#sendAs(other, request, signal);
      this.#learn(other);
      return output;
    }
  }

  close(): void {
    for (const { client } of this.#speeches.values()) client.destroy();
  }

  #sendAs<Output>(
    speech: S3Speech,
    request: Request<Output>,
    signal: AbortSignal,
  ): Promise<Output> {
    const { timeouts } = this.#options;
    return withRequestTimeout(timeouts, signal, (limited) => request(speech, limited));
  }

  /** In which way the request may succeed; undefined if the error is about something else. */
  #otherSpeech(error: unknown, { region, checksums }: S3Speech): S3Speech | undefined {
    if (!(error instanceof Error)) return undefined;
    // Another request has learned something meanwhile.
    const current = this.#speech;
    if (current.region !== region || current.checksums !== checksums) return current;
    const actual = regionIn(error);
    if (actual !== undefined && actual !== region) return this.#speaking(actual, checksums);
    const status = statusOf(error);
    const isNotKnown = status === 501 || (status === 400 && !this.#takesChecksums);
    return isNotKnown && checksums && !OTHER_REFUSALS.has(error.name)
      ? this.#speaking(region, false)
      : undefined;
  }

  #learn(speech: S3Speech): void {
    const { region, checksums } = this.#speech;
    const { bucketUrl, warn } = this.#options;
    this.#speech = speech;
    if (speech.region !== region) {
      warn(`${bucketUrl} is in region ${speech.region}, not ${region}: set AWS_REGION to it.`);
    }
    if (speech.checksums !== checksums) {
      warn(`${bucketUrl} does not know checksum headers: they are left off from now on.`);
    }
  }

  #speaking(region: string, checksums: boolean): S3Speech {
    const key = `${region} ${checksums}`;
    const speech = this.#speeches.get(key) ?? {
      client: this.#clientFor(region, checksums),
      region,
      checksums,
    };
    this.#speeches.set(key, speech);
    return speech;
  }

  #clientFor(region: string, checksums: boolean): S3Client {
    const { endpoint, anonymous, timeouts } = this.#options;
    return new S3Client({
      region,
      maxAttempts: 1,
      // It would open a connection for each large part.
      expectContinueHeader: false,
      requestHandler: {
        ...this.#agents,
        requestTimeout: timeouts.requestTimeoutMs,
        throwOnRequestTimeout: true,
      },
      ...(endpoint !== '' && { endpoint, forcePathStyle: true }),
      ...(anonymous && UNSIGNED),
      ...(!checksums && WITHOUT_CHECKSUMS),
    });
  }
}

const WITHOUT_CHECKSUMS: S3ClientConfig = {
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
};

/** Nobody's credentials, and a signer that does not sign. */
const UNSIGNED: S3ClientConfig = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  signer: { sign: async (request) => request },
};

function agents({ httpProxy, httpsProxy, noProxy }: ProxySettings): {
  readonly httpAgent: Agent;
  readonly httpsAgent: SecureAgent;
} {
  const proxyEnv = {
    ...(httpProxy !== '' && { HTTP_PROXY: httpProxy }),
    ...(httpsProxy !== '' && { HTTPS_PROXY: httpsProxy }),
    ...(noProxy !== '' && { NO_PROXY: noProxy }),
  };
  const options = { keepAlive: true, maxSockets: 50, proxyEnv };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/** The region that a refusal names: in the header of a redirect, or in the error itself. */
function regionIn(error: Error): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const header = error.$response?.headers['x-amz-bucket-region'];
  if (header !== undefined) return header;
  return 'Region' in error && typeof error.Region === 'string' ? error.Region : undefined;
}
