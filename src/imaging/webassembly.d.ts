/* What we use of WebAssembly: @types/node leaves it to the types of browsers. */
declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => object;

  class Instance {
    constructor(module: object, imports?: object);
    readonly exports: object;
  }

  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
