import { main as compile } from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

const SOURCE = 'wasm/row-kernels.ts';

/** Where the compiled kernels are kept. */
export const WASM_MODULE = path('src/imaging/row-kernels-wasm.ts');

/** The contents of the module that holds the compiled kernels. */
export async function compileRowKernels(): Promise<string> {
  let binary: Uint8Array | undefined;
  const options = ['--outFile', 'rows.wasm', '-O3', '--noAssert', '--runtime', 'stub'];
  const { error } = await compile([SOURCE, ...options, '--enable', 'simd'], {
    readFile: (name) => (name === SOURCE ? readFileSync(path(SOURCE), 'utf8') : null),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`${SOURCE} does not compile.`, { cause: error });
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,90}/g) ?? [];
  const literal = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/* Compiled from ${SOURCE} by \`npm run build:wasm\`. */\nexport const ROW_KERNELS =\n${literal};\n`;
}
