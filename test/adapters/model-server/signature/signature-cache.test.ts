import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignatureCache } from '../../../../src/adapters/model-server/signature/signature-cache.ts';
import { writeSignature } from '../../../../src/adapters/model-server/signature/signature-json.ts';
import type { ModelSignature } from '../../../../src/ports.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const model = { name: 'Nuclear', version: 6 };
const signature: ModelSignature = {
  inputs: [{ name: 'image', type: 'float32', shape: [-1, 256, 256, 1] }],
  outputs: [],
};
const { signal } = new AbortController();

function setUp() {
  const clock = new FakeClock();
  const stored = new Map<string, string>();
  const seen = { fetched: 0, seconds: 0 };
  const server = { fetch: async (): Promise<ModelSignature> => signature };
  const shared = {
    put: async (key: string, metadata: string, seconds: number) => {
      stored.set(key, metadata);
      seen.seconds = seconds;
    },
  };
  const fetch = (): Promise<ModelSignature> => {
    seen.fetched++;
    return server.fetch();
  };
  const cache = new SignatureCache({ clock, expireSeconds: 30, shared, fetch });
  return { clock, stored, seen, server, shared, cache };
}

describe('SignatureCache', () => {
  it('asks the server once, and writes what it learns for Python consumers', async () => {
    const { cache, seen, stored } = setUp();
    const answers = await Promise.all([1, 2, 3].map(() => cache.get(model, signal)));
    assert.deepEqual(answers, [signature, signature, signature]);
    assert.equal(seen.fetched, 1);
    assert.equal(seen.seconds, 30);
    assert.equal(stored.get('Nuclear:6'), writeSignature(signature));
  });

  it('does not read what others wrote: their form has no outputs', async () => {
    const { cache, seen, stored } = setUp();
    stored.set('Nuclear:6', writeSignature(signature));
    assert.deepEqual(await cache.get(model, signal), signature);
    assert.equal(seen.fetched, 1);
  });

  it('asks again once what it knows has expired', async () => {
    const { cache, seen, clock } = setUp();
    await cache.get(model, signal);
    await clock.advance(29_999);
    await cache.get(model, signal);
    assert.equal(seen.fetched, 1);
    await clock.advance(1);
    await cache.get(model, signal);
    assert.equal(seen.fetched, 2);
  });

  it('does without Redis when that is away', async () => {
    const { cache, shared } = setUp();
    const broken = async (): Promise<never> => {
      throw new Error('Redis is away');
    };
    shared.put = broken;
    assert.deepEqual(await cache.get(model, signal), signature);
  });

  it('does not remember a failure', async () => {
    const { cache, server } = setUp();
    server.fetch = async () => {
      throw new Error('no such model');
    };
    await assert.rejects(cache.get(model, signal), /no such model/);
    server.fetch = async () => signature;
    assert.deepEqual(await cache.get(model, signal), signature);
  });

  it('lets one who asks give up without the others', async () => {
    const { cache, server } = setUp();
    const answer = Promise.withResolvers<ModelSignature>();
    server.fetch = () => answer.promise;
    const abort = new AbortController();
    const impatient = cache.get(model, abort.signal);
    const patient = cache.get(model, signal);
    abort.abort(new Error('enough'));
    await assert.rejects(impatient, /enough/);
    answer.resolve(signature);
    assert.deepEqual(await patient, signature);
  });
});
