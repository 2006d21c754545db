import { registerHooks } from 'node:module';

/** What modules of workflows import, and where it is. */
const EXPORTED = new Map([
  ['kiosk-redis-consumer', new URL('index.ts', import.meta.url).href],
  ['kiosk-redis-consumer/testing', new URL('testing/index.ts', import.meta.url).href],
]);

let isRegistered = false;

/**
 * From now on, modules anywhere on this machine that import this package get this program, whether it is
 * installed beside them or not: those that are loaded later as well, in this thread. Each thread has to call
 * it for itself.
 */
export function resolvePackage(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = EXPORTED.get(specifier);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
}
