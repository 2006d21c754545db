/** Bytes of a block: a header is one, and data are padded to whole ones. */
export const TAR_BLOCK = 512;

/**
 * The bytes of a tar archive up to its end, which is a block of zeros where a header would stand: what follows
 * is padding, or no part of it. The reader that gets them would read on to the next header.
 */
export async function* upToTarEnd(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let header = Buffer.alloc(0);
  let dataLeft = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + (dataLeft || TAR_BLOCK - header.length));
      at += piece.length;
      if (dataLeft > 0) {
        yield piece;
        dataLeft -= piece.length;
        continue;
      }
      header = Buffer.concat([header, piece]);
      if (header.length < TAR_BLOCK) continue;
      if (header.every((byte) => byte === 0)) return;
      yield header;
      dataLeft = Math.ceil(dataBytes(header) / TAR_BLOCK) * TAR_BLOCK;
      header = Buffer.alloc(0);
    }
  }
  // Of an archive that was cut off.
  if (header.length > 0) yield header;
}

const DIRECTORY = '5'.charCodeAt(0);

/** Bytes of data behind a header: in octal digits, or in binary where these do not suffice. */
function dataBytes(header: Buffer): number {
  if (header[156] === DIRECTORY) return 0;
  const isBinary = ((header[124] ?? 0) & 0x80) !== 0;
  if (isBinary) return header.readUIntBE(130, 6);
  return Number.parseInt(header.toString('latin1', 124, 136).trim(), 8) || 0;
}
