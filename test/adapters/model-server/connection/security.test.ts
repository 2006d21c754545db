import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { modelServerEndpoints } from '../../../../src/adapters/model-server/model-server-endpoints.ts';
import {
  channelCredentials,
  type Security,
} from '../../../../src/adapters/model-server/connection/security.ts';
import { systemClock } from '../../../../src/adapters/system-clock.ts';
import { startModelServer } from '../../../../src/stand-in-server/start-model-server.ts';
import { double } from '../../../stand-in-server/sample-models.ts';
import { callOf } from '../one-endpoint.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const chain = readFileSync(join(fixtures, 'tf-serving.cert.pem'));
const key = readFileSync(join(fixtures, 'tf-serving.key.pem'));
const serverCredentials = ServerCredentials.createSsl(null, [
  { cert_chain: chain, private_key: key },
]);

/** A call to a server on this machine that is known as `host`. */
async function call(
  context: TestContext,
  {
    port,
    host,
    security,
  }: { readonly port: number; readonly host: string; readonly security: Security },
): Promise<unknown> {
  const set = modelServerEndpoints({
    host,
    port,
    security,
    protocol: 'tfserving',
    clock: systemClock,
    lookUp: async () => [`127.0.0.1:${port}`],
  });
  context.after(() => set.close());
  await new Promise<void>((resolve) => set.onChange(resolve));
  return set.endpoints[0]?.send(callOf(double, { image: [[1, 2]] }));
}

test('TLS: the certificate must be of the name that was looked up', async (context) => {
  const server = await startModelServer({ models: [double], credentials: serverCredentials });
  context.after(() => server.close());
  const { port } = server;
  const security = { type: 'tls', authorities: chain } as const;
  await call(context, { port, host: 'tf-serving', security });
  const failures = [
    call(context, { port, host: 'elsewhere', security }),
    call(context, { port, host: 'tf-serving', security: { type: 'tls' } }),
    call(context, { port, host: 'tf-serving', security: { type: 'plain' } }),
  ];
  for (const failure of failures) {
    await assert.rejects(failure, { code: 'model_server_unavailable' });
  }
});

test('a token goes with every call', async (context) => {
  const tokens: string[] = [];
  const server = await tokenServer(tokens);
  context.after(() => server.forceShutdown());
  const security = { type: 'tls', authorities: chain, token: async () => 's3cret' } as const;
  await assert.rejects(call(context, { port: server.port, host: 'tf-serving', security }), {
    code: 'model_server_unavailable',
    message: /refused our credentials/,
  });
  assert.deepEqual(tokens, ['Bearer s3cret']);
});

test('a token that cannot be had fails the call', async (context) => {
  const server = await startModelServer({ models: [double], credentials: serverCredentials });
  context.after(() => server.close());
  const token = async (): Promise<string> => {
    throw new Error('no token today');
  };
  const security = { type: 'tls', authorities: chain, token } as const;
  const failure = call(context, { port: server.port, host: 'tf-serving', security });
  await assert.rejects(failure, { code: 'model_server_unavailable', message: /no token today/ });
});

test('certificates that cannot be read are a mistake in the settings', () => {
  const broken = Buffer.from('-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n');
  assert.throws(
    () =>
      channelCredentials({
        type: 'tls',
        authorities: chain,
        certificate: { chain: broken, key: broken },
      }),
    { code: 'bad_settings' },
  );
});

/** A server that notes the token of each prediction and refuses it. */
async function tokenServer(tokens: string[]): Promise<Server & { readonly port: number }> {
  const server = new Server();
  const asIs = (message: Buffer): Buffer => message;
  const method = {
    path: '/tensorflow.serving.PredictionService/Predict',
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  } as const;
  server.addService(
    { predict: method },
    {
      predict: (
        { metadata }: ServerUnaryCall<Buffer, Buffer>,
        callback: (error: object) => void,
      ) => {
        tokens.push(String(metadata.get('authorization')[0]));
        callback({ code: 16, details: 'token expired' });
      },
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', serverCredentials, (error, port) =>
    error ? reject(error) : resolve(port),
  );
  return Object.assign(server, { port: await promise });
}
