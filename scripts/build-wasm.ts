/* Compiles wasm/row-kernels.ts to src/imaging/row-kernels-wasm.ts, which is kept in the repository. */
import { writeFileSync } from 'node:fs';
import { compileRowKernels, WASM_MODULE } from './compile-wasm.ts';

writeFileSync(WASM_MODULE, await compileRowKernels());
