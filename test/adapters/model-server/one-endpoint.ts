import type { ConnectionSettings } from '../../../src/adapters/model-server/connection/connection-settings.ts';
import type {
  BatchCall,
  Endpoint,
  ReplyTensor,
} from '../../../src/adapters/model-server/endpoint.ts';
import {
  modelServerEndpoints,
  type ProtocolName,
} from '../../../src/adapters/model-server/model-server-endpoints.ts';
import type { Security } from '../../../src/adapters/model-server/connection/security.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Clock, ModelName, TensorType } from '../../../src/ports.ts';

interface OneEndpointOptions {
  readonly port: number;
  readonly protocol?: ProtocolName;
  readonly settings?: Partial<ConnectionSettings>;
  readonly security?: Security;
  readonly clock?: Clock;
  readonly host?: string;
  readonly signatures?: readonly string[];
}

export interface OneEndpoint extends AsyncDisposable {
  readonly endpoint: Endpoint;
}

/** The endpoint of a server on this machine; its connections are closed with it. */
export async function oneEndpoint(options: OneEndpointOptions): Promise<OneEndpoint> {
  const {
    host = '127.0.0.1',
    protocol = 'tfserving',
    security = { type: 'plain' },
    clock = systemClock,
  } = options;
  const set = modelServerEndpoints({ ...options, host, protocol, security, clock });
  await new Promise<void>((resolve) => set.onChange(resolve));
  const [endpoint] = set.endpoints;
  if (endpoint === undefined) throw new Error('no endpoint');
  return { endpoint, [Symbol.asyncDispose]: () => set.close() };
}

/** A call with rows of equal length in one input. */
export function callOf(
  model: ModelName,
  inputs: Readonly<Record<string, readonly (readonly number[])[]>>,
  rest: Partial<Pick<BatchCall, 'outputs' | 'deadlineMs' | 'signal'>> & {
    readonly types?: Readonly<Record<string, TensorType>>;
  } = {},
): BatchCall {
  return {
    model,
    inputs: Object.entries(inputs).map(([name, rows]) => ({
      name,
      type: rest.types?.[name] ?? 'float32',
      shape: [rows.length, rows[0]?.length ?? 0],
      parts: rows.map((row) => Float32Array.from(row)),
    })),
    deadlineMs: 10_000,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** The elements of a tensor in a reply. */
export function elementsOf({ bytes }: ReplyTensor): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
