import { StagePlaces } from '../../../src/flow/running/places.ts';
import type { StageRuntime } from '../../../src/flow/running/stage-runtime.ts';
import { absent, stagePorts } from './stage-ports.ts';

/** What stages run on: ports that must not be used, limits that do not limit, each stage as many jobs as it says. */
export function stageRuntime(given: Partial<StageRuntime> = {}): StageRuntime {
  return {
    ports: stagePorts(),
    families: absent('children'),
    hashes: absent('hashes'),
    hostName: 'test-host',
    queue: 'image',
    limits: { maxFileBytes: 0, maxHeight: 0, maxWidth: 0, maxFrames: 0 },
    retry: { firstDelayMs: 1, longestDelayMs: 2, budgetMs: 1000, random: () => 0 },
    breakers: new Map(),
    emit: () => {},
    places: new StagePlaces(),
    timeoutMs: 3_600_000,
    ...given,
  };
}
