import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { type BucketTimeouts, withRequestTimeout } from '../timeouts.ts';

export interface GcsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path below the endpoint, or the whole URL of an upload session. */
  readonly url: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

export interface GcsClientOptions {
  /** Another endpoint than Google's, which gets no credentials; empty for Google's. */
  readonly endpoint: string;
  /** Whether requests go without credentials. */
  readonly anonymous: boolean;
  /** The project that pays for requests to buckets whose requesters pay; empty for none. */
  readonly userProject: string;
  readonly timeouts: BucketTimeouts;
}

export interface GcsAnswer {
  /** 2xx, or 308 for an upload that is not finished. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** The store said no. The message is what it said. */
export class GcsRefusal extends Error {
  override readonly name = 'GcsRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const RESUME_INCOMPLETE = 308;

/**
 * Authorised requests to the JSON API of Google Cloud Storage, one attempt each.
 *
 * The client library gives the credentials and the endpoint, but its streams are not used: in 8.4.0 a download that
 * breaks off closes the connections of all other downloads, one that is given up before the store has answered and an
 * upload that is given up keep theirs open, and operations switch the retries of each other off.
 */
export class GcsClient {
  readonly #storage: Storage;
  readonly #timeouts: BucketTimeouts;
  readonly #payer: Readonly<Record<string, string>>;

  constructor({ endpoint, anonymous, userProject, timeouts }: GcsClientOptions) {
    this.#timeouts = timeouts;
    this.#payer = userProject === '' ? {} : { userProject };
    this.#storage = new Storage({
      retryOptions: { autoRetry: false },
      ...(endpoint !== '' && { apiEndpoint: endpoint }),
      ...((anonymous || endpoint !== '') && { authClient: new PassThroughClient() }),
    });
  }

  /** Rejects with a GcsRefusal if the store says no, with the error of the network if it says nothing. */
  async ask(request: GcsRequest): Promise<GcsAnswer> {
    const { method, parameters = {}, headers = {}, body, signal } = request;
    return withRequestTimeout(this.#timeouts, signal, async (limited) => {
      const response = await this.#storage.authClient.request<Readable>({
        method,
        url: new URL(request.url, this.#storage.apiEndpoint).href,
        params: { ...this.#payer, ...parameters },
        headers,
        ...(body && { data: body }),
        responseType: 'stream',
        validateStatus: () => true,
        retry: false,
        signal: limited,
      });
      const { status, data } = response;
      if (status >= 300 && status !== RESUME_INCOMPLETE) throw await refusal(status, data);
      return { status, headers: response.headers, body: data };
    });
  }

  /** The whole answer as text. */
  async read(request: GcsRequest): Promise<Omit<GcsAnswer, 'body'> & { readonly text: string }> {
    const { status, headers, body } = await this.ask(request);
    const said = await withRequestTimeout(this.#timeouts, request.signal, () => text(body));
    return { status, headers, text: said };
  }
}

async function refusal(status: number, body: Readable): Promise<GcsRefusal> {
  const said = await text(body);
  return new GcsRefusal(status, reasonsIn(said) ?? said);
}

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
interface ErrorAnswer {
  readonly error?: {
    readonly message?: string;
    readonly errors?: readonly { readonly reason?: string }[];
  };
}

function reasonsIn(said: string): string | undefined {
  try {
    // The form is documented, and every part of it may be absent.
    const { error } = JSON.parse(said) as ErrorAnswer;
    const reasons = error?.errors?.map(({ reason }) => reason).join(', ');
    return [error?.message, reasons && `(${reasons})`].filter(Boolean).join(' ');
  } catch {
    return undefined;
  }
}
