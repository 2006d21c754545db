import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { StagePorts } from '../../../src/flow/stage.ts';

/** Something that throws as soon as it is used. */
export function absent<Port extends object>(port: string): Port {
  const use = (): never => {
    throw new Error(`This test gave its stage no ${port}.`);
  };
  // A proxy that only throws needs no members.
  return new Proxy({}, { get: use }) as Port;
}

/** Ports for a stage that must not use the outside world except those given. */
export function stagePorts(given: Partial<StagePorts> = {}): StagePorts {
  return {
    bucket: absent('bucket'),
    models: absent('model server'),
    compute: absent('compute pool'),
    clock: systemClock,
    ...given,
  };
}
