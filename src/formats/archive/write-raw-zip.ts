/** A file that is compressed already, with what its headers say. */
export interface RawEntry {
  /** Path with `/`, relative. */
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly compressedSize: number;
  /** As many bytes as `compressedSize` says. */
  readonly packed: AsyncIterable<Uint8Array>;
}

/**
 * A zip archive of files that are compressed already, in their order, with ZIP64 fields where they are
 * needed. Sizes stand before the data, as Java's reader wants them. The bytes depend on the entries alone.
 * PKWARE, .ZIP File Format Specification 6.3.10.
 */
export async function* writeRawZip(
  entries: AsyncIterable<RawEntry>,
): AsyncGenerator<Uint8Array, void> {
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const local = localHeader(entry);
    yield local;
    yield* entry.packed;
    directory.push(centralHeader(entry, offset));
    offset += local.length + entry.compressedSize;
  }
  const central = Buffer.concat(directory);
  yield central;
  yield endRecords({ count: directory.length, size: central.length, offset });
}

const MOST_32 = 0xffffffff;
const MOST_16 = 0xffff;
/** Names are UTF-8. */
const FLAGS = 0x800;
/** Version 4.5, the first with ZIP64; made on Unix. */
const VERSION = 45;
const MADE_BY = (3 << 8) | VERSION;
/** 1980-01-01, the earliest date there is: equal files make equal archives. */
const DATE = 0x21;
const MODE = 0o100644;

/** What both headers of an entry share, from the version on. */
function commonFields(entry: RawEntry, sizes: readonly number[], extra: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(FLAGS, 2);
  fields.writeUInt16LE(entry.method, 4);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(entry.crc32, 10);
  fields.writeUInt32LE(sizes[0] ?? 0, 14);
  fields.writeUInt32LE(sizes[1] ?? 0, 18);
  fields.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  fields.writeUInt16LE(extra.length, 24);
  return fields;
}

function localHeader(entry: RawEntry): Buffer {
  const { compressedSize, size, name } = entry;
  const isLarge = compressedSize >= MOST_32 || size >= MOST_32;
  const extra = isLarge ? zip64Extra([size, compressedSize]) : Buffer.alloc(0);
  const sizes = isLarge ? [MOST_32, MOST_32] : [compressedSize, size];
  const fields = commonFields(entry, sizes, extra);
  return Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), extra]);
}

function centralHeader(entry: RawEntry, offset: number): Buffer {
  const { compressedSize, size, name } = entry;
  // In this order, and only those that do not fit into their 32 bits.
  const extra = zip64Extra([size, compressedSize, offset].filter((value) => value >= MOST_32));
  const sizes = [compressedSize, size].map((value) => Math.min(value, MOST_32));
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(MADE_BY);
  const place = Buffer.alloc(14);
  place.writeUInt32LE((MODE << 16) >>> 0, 6);
  place.writeUInt32LE(Math.min(offset, MOST_32), 10);
  return Buffer.concat([
    Buffer.from('PK\x01\x02'),
    madeBy,
    commonFields(entry, sizes, extra),
    place,
    Buffer.from(name),
    extra,
  ]);
}

function zip64Extra(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return extra;
}

interface Directory {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

function endRecords(directory: Directory): Buffer {
  const { count, size, offset } = directory;
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0);
  end.writeUInt16LE(Math.min(count, MOST_16), 8);
  end.writeUInt16LE(Math.min(count, MOST_16), 10);
  end.writeUInt32LE(Math.min(size, MOST_32), 12);
  end.writeUInt32LE(Math.min(offset, MOST_32), 16);
  const isLarge = count >= MOST_16 || size >= MOST_32 || offset >= MOST_32;
  return isLarge ? Buffer.concat([zip64End(directory), end]) : end;
}

function zip64End({ count, size, offset }: Directory): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.write('PK\x06\x06', 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY, 12);
  record.writeUInt16LE(VERSION, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.write('PK\x06\x07', 56);
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
