/* archiver 8 brings no types; this is what is used of it. */
declare module 'archiver' {
  import type { Readable, Transform } from 'node:stream';

  export class ZipArchive extends Transform {
    constructor(options: { zlib: { level: number } });
    append(source: Readable, entry: { name: string; date: Date; mode: number }): this;
    finalize(): Promise<void>;
  }
}
