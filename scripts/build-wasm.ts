/* Compiles the sources in wasm/ to modules in src/, which are kept in the repository. */
import { writeFileSync } from 'node:fs';
import { compileWasm, WASM_MODULES } from './compile-wasm.ts';

for (const wasm of Object.values(WASM_MODULES)) {
  writeFileSync(wasm.module, await compileWasm(wasm));
}
