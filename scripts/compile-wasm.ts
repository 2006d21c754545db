import { main as compile } from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** A source in AssemblyScript, and the module that holds it compiled. */
export interface WasmModule {
  readonly source: string;
  readonly module: string;
  /** The constant that the module exports: the binary in base64. */
  readonly constant: string;
  /** Whether it works in the memory of another module. */
  readonly importsMemory?: boolean;
}

export const WASM_MODULES = {
  rowKernels: {
    source: 'wasm/row-kernels.ts',
    module: path('src/imaging/wasm/row-kernels-wasm.ts'),
    constant: 'ROW_KERNELS',
  },
  labelKernels: {
    source: 'wasm/label-kernels.ts',
    module: path('src/imaging/wasm/label-kernels-wasm.ts'),
    constant: 'LABEL_KERNELS',
    importsMemory: true,
  },
  lzw: {
    source: 'wasm/lzw.ts',
    module: path('src/formats/tiff/lzw-wasm.ts'),
    constant: 'LZW',
  },
} as const satisfies Record<string, WasmModule>;

/** The contents of the module that holds the compiled source. */
export async function compileWasm(wasm: WasmModule): Promise<string> {
  const { source, constant, importsMemory = false } = wasm;
  let binary: Uint8Array | undefined;
  const options = ['--outFile', 'out.wasm', '-O3', '--noAssert', '--runtime', 'stub'];
  if (importsMemory) options.push('--importMemory');
  const { error } = await compile([source, ...options, '--enable', 'simd'], {
    readFile: (name) => (name === source ? readFileSync(path(source), 'utf8') : null),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`${source} does not compile.`, { cause: error });
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,90}/g) ?? [];
  const literal = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/* Compiled from ${source} by \`npm run build:wasm\`. */\nexport const ${constant} =\n${literal};\n`;
}
