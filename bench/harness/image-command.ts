import { readFileSync } from 'node:fs';

const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);

interface ImageCommand {
  /** Options of Node itself. */
  readonly nodeOptions: readonly string[];
  /** What the environment of the process says from the start. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How the container image starts the consumer, read from its Dockerfile: a consumer that is measured starts alike. */
export function imageCommand(dockerfile = readFileSync(DOCKERFILE, 'utf8')): ImageCommand {
  const line = (instruction: string): string[] =>
    Array.from(
      dockerfile.matchAll(new RegExp(`^${instruction} (.+)$`, 'gm')),
      ([, rest = '']) => rest,
    );
  const words: unknown = JSON.parse(line('ENTRYPOINT').at(-1) ?? '[]');
  const variables = line('ENV').flatMap((rest) => rest.split(' '));
  return {
    nodeOptions: Array.isArray(words) ? words.slice(1, -1).map(String) : [],
    environment: Object.fromEntries(
      variables.map((variable) => {
        const at = variable.indexOf('=');
        return [variable.slice(0, at), variable.slice(at + 1)];
      }),
    ),
  };
}
