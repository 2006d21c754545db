import type { ModelName } from '../../ports.ts';

/** `NuclearSegmentation:6`. */
export function modelId({ name, version }: ModelName): string {
  return `${name}:${version}`;
}
