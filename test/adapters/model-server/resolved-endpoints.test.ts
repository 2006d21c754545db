import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ResolvedEndpoints,
  type ClosableEndpoint,
} from '../../../src/adapters/model-server/resolved-endpoints.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { ScriptedEndpoint } from './scheduler/scripted-endpoint.ts';

/** A name whose addresses change as told. */
class Name {
  addresses: readonly string[] | Error;
  readonly clock = new FakeClock();
  readonly closed: string[] = [];
  changes = 0;
  readonly set: ResolvedEndpoints;

  constructor(...addresses: string[]) {
    this.addresses = addresses;
    this.set = new ResolvedEndpoints({
      clock: this.clock,
      resolveMs: 15_000,
      resolve: async () => {
        if (this.addresses instanceof Error) throw this.addresses;
        return this.addresses;
      },
      create: (address): ClosableEndpoint => {
        const endpoint = new ScriptedEndpoint({ clock: this.clock, address });
        return Object.assign(endpoint, { close: () => void this.closed.push(address) });
      },
    });
    this.set.onChange(() => this.changes++);
  }

  async become(addresses: readonly string[] | Error): Promise<void> {
    this.addresses = addresses;
    await this.clock.advance(15_000);
  }

  get used(): string[] {
    return this.set.endpoints.map(({ address }) => address);
  }
}

test('servers that come and go are followed within the time between look-ups', async () => {
  const name = new Name('10.0.0.1:8500');
  await name.clock.advance(0);
  assert.deepEqual(name.used, ['10.0.0.1:8500']);
  const [first] = name.set.endpoints;
  await name.become(['10.0.0.1:8500', '10.0.0.2:8500', '10.0.0.3:8500', '10.0.0.4:8500']);
  assert.equal(name.used.length, 4);
  assert.equal(name.set.endpoints[0], first);
  await name.become(['10.0.0.3:8500']);
  assert.deepEqual(name.used, ['10.0.0.3:8500']);
  assert.deepEqual(name.closed, ['10.0.0.1:8500', '10.0.0.2:8500', '10.0.0.4:8500']);
  assert.equal(name.changes, 3);
  await name.set.close();
});

test('an unchanged answer, in whatever order, changes nothing', async () => {
  const name = new Name('10.0.0.1:8500', '10.0.0.2:8500');
  await name.clock.advance(0);
  await name.become(['10.0.0.2:8500', '10.0.0.1:8500', '10.0.0.1:8500']);
  assert.equal(name.changes, 1);
  assert.deepEqual(name.closed, []);
  await name.set.close();
});

test('while the name cannot be looked up the last addresses stay', async () => {
  const name = new Name('10.0.0.1:8500');
  await name.clock.advance(0);
  await name.become(new Error('NXDOMAIN'));
  assert.deepEqual(name.used, ['10.0.0.1:8500']);
  assert.equal(name.set.problem(), undefined);
  await name.set.close();
});

test('without any address it says why, and looks again every second', async () => {
  const name = new Name();
  name.addresses = new Error('tf-serving cannot be looked up');
  await name.clock.advance(1000);
  assert.equal(name.set.problem(), 'tf-serving cannot be looked up');
  name.addresses = ['10.0.0.1:8500'];
  await name.clock.advance(1000);
  assert.deepEqual(name.used, ['10.0.0.1:8500']);
  assert.equal(name.set.problem(), undefined);
  await name.set.close();
});

test('closing closes the endpoints and ends the look-ups', async () => {
  const name = new Name('10.0.0.1:8500');
  await name.clock.advance(0);
  await name.set.close();
  assert.deepEqual(name.closed, ['10.0.0.1:8500']);
  await name.clock.advance(0);
  assert.equal(name.clock.sleepers, 0);
});
