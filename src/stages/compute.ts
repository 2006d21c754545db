import { type Stage, defineStage } from '../flow/stage.ts';
import type { KernelName, Kernels } from '../kernels.ts';

type Input<Name extends KernelName> = Parameters<Kernels[Name]>[0];
type Result<Name extends KernelName> = Awaited<ReturnType<Kernels[Name]>>;

/**
 * Runs a kernel on the compute pool. `from` makes its argument of what the stages before left; its result is left under the name
 * `as`. The stage has the name of the result.
 */
export function compute<Name extends KernelName, const As extends string, Value>(
  kernel: Name,
  { as, from }: { readonly as: As; readonly from: (value: Value) => Input<Name> },
): Stage<Value, Record<As, Result<Name>>> {
  return defineStage({
    name: `compute_${as.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    concurrency: 8,
    adds: [as],
    kernels: [kernel],
    run: async (value: Value, context) => {
      const result = await context.compute.run(kernel, from(value), context.signal);
      // A computed key loses its name in the type of an object literal.
      return { [as]: result } as Record<As, Result<Name>>;
    },
  });
}
