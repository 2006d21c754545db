import { buffer } from 'node:stream/consumers';
import { readZipDirectory } from '../formats/archive/zip-directory.ts';
import { readZipMember } from '../formats/archive/zip-member.ts';
import { bytesAsSource } from '../formats/archive/byte-source.ts';
import { decodeImage } from '../formats/decode-image.ts';
import { readNpy } from '../formats/npy/npy.ts';
import type { NdArray } from '../imaging/array.ts';

/** Nobody but the author decides how large results are. */
const NO_LIMITS = {
  maxFileBytes: Infinity,
  maxHeight: Infinity,
  maxWidth: Infinity,
  maxFrames: Infinity,
};

/**
 * A file of a result.
 *
 * @example
 * const { files } = await runWorkflow(workflow, { image });
 * const table: OutputFile | undefined = files.get('counts.csv');
 * assert.equal(table?.text(), 'cells\r\n12\r\n');
 */
export class OutputFile {
  readonly name: string;
  readonly bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
  }

  /** The file as text, such as a CSV. */
  text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** The array of a TIFF, float32, axes as in the file; or of a `.npy`. Throws where it is neither. */
  array(): NdArray {
    if (this.name.endsWith('.npy')) return readNpy(this.bytes, this.name);
    return decodeImage({ bytes: this.bytes, name: this.name, limits: NO_LIMITS });
  }
}

/** The files of a result by name, in their order; one that is no zip archive is one file. */
export async function outputFiles(
  name: string,
  bytes: Uint8Array,
): Promise<Map<string, OutputFile>> {
  if (!name.endsWith('.zip')) return new Map([[name, new OutputFile(name, bytes)]]);
  const source = bytesAsSource(bytes);
  const files = new Map<string, OutputFile>();
  for (const member of await readZipDirectory(source, { maxEntries: Infinity })) {
    const file = new OutputFile(member.name, await buffer(readZipMember(source, member)));
    files.set(member.name, file);
  }
  return files;
}
