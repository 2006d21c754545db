import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ModelServerClient } from '../../../src/adapters/model-server/model-server-client.ts';
import { DEFAULT_SCHEDULER_SETTINGS } from '../../../src/adapters/model-server/scheduler/settings.ts';
import { KnownError } from '../../../src/errors.ts';
import type { ModelSignature } from '../../../src/ports.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { sampleRequest } from './scheduler/sample-requests.ts';
import { ScriptedEndpoint, ScriptedEndpoints, refusal } from './scheduler/scripted-endpoint.ts';

function setUp() {
  const clock = new FakeClock();
  const server = new ScriptedEndpoint({ clock });
  const asked: ModelSignature[] = [];
  const client = new ModelServerClient({
    endpoints: new ScriptedEndpoints(server),
    clock,
    random: () => 0,
    settings: DEFAULT_SCHEDULER_SETTINGS,
    maxRows: (signature) => {
      asked.push(signature);
      return 4;
    },
    metadataCache: { put: async () => undefined },
    metadataExpireSeconds: 30,
    emit: () => undefined,
  });
  return { clock, server, asked, client };
}

describe('ModelServerClient', () => {
  it('sends no more rows at a time than the model allows', async () => {
    const { client, server, asked, clock } = setUp();
    const prediction = client.predict(sampleRequest({ rows: 8 }));
    await clock.advance(1000);
    const { outputs, retries } = await prediction;
    assert.deepEqual(outputs.get('double')?.shape, [8, 2]);
    assert.equal(retries, 0);
    assert.deepEqual(
      server.calls.map((rows) => rows.length),
      [4, 4],
    );
    assert.equal(asked[0]?.inputs[0]?.name, 'image');
  });

  it('counts the calls that had to be repeated', async () => {
    const { client, server, clock } = setUp();
    let refusals = 2;
    server.refuse = () => {
      if (refusals-- > 0) throw refusal('queue full', 'the queue is full');
    };
    const prediction = client.predict(sampleRequest({ rows: 1 }));
    await clock.advance(10_000);
    assert.equal((await prediction).retries, 2);
  });

  it('rejects with what went wrong, or with the reason of the signal', async () => {
    const { client, server } = setUp();
    server.loaded = false;
    const unknown = (error: unknown): boolean =>
      error instanceof KnownError && error.code === 'unknown_model';
    await assert.rejects(client.predict(sampleRequest({ rows: 1 })), unknown);
    const reason = new KnownError('shutting_down', 'stop');
    const request = sampleRequest({ rows: 1, signal: AbortSignal.abort(reason) });
    await assert.rejects(client.predict(request), reason);
  });

  it('tells why no server answers', async () => {
    const { client, server, clock } = setUp();
    assert.equal(client.problem(), undefined);
    server.alive = false;
    const prediction = client.predict(sampleRequest({ rows: 1 }));
    const given = assert.rejects(prediction, /stopping/);
    await clock.advance(10_000);
    assert.equal(client.problem(), 'No model server answers: connection refused');
    await client.close();
    await given;
  });
});
