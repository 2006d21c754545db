import { KnownError, messageOf } from '../../errors.ts';
import type { KernelTable } from '../../ports.ts';

/** All kernels: ours, and those of the module of an author. Throws `bad_settings` if it cannot be used. */
export async function loadOwnKernels(builtIn: KernelTable, url: string): Promise<KernelTable> {
  let module: object;
  try {
    module = (await import(url)) as object;
  } catch (error) {
    throw refused(`its module cannot be loaded: ${messageOf(error)}`);
  }
  return withOwnKernels(builtIn, module);
}

/**
 * All kernels: ours, and those that the module of an author exports. Throws `bad_settings` if it exports
 * none, or one of our names.
 */
export function withOwnKernels(builtIn: KernelTable, module: object): KernelTable {
  const own: unknown = 'kernels' in module ? module.kernels : undefined;
  if (!isTable(own)) {
    throw refused('its module exports no `kernels`: functions by their names');
  }
  const taken = Object.keys(own).find((name) => Object.hasOwn(builtIn, name));
  if (taken !== undefined)
    throw refused(
      `"${taken}" exists already, built in or of another workflow; give yours another name`,
    );
  return { ...builtIn, ...own };
}

function isTable(value: unknown): value is KernelTable {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((kernel) => typeof kernel === 'function');
}

function refused(why: string): KnownError {
  return new KnownError('bad_settings', `The kernels of the workflow cannot be used: ${why}.`);
}
