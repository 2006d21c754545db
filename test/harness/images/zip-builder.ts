import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a zip archive, with whatever its headers are to claim. */
export interface BuiltMember {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  /** 0 stored, 8 deflated (the default); others keep the data as they are. */
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode with its type bits; none by default. */
  readonly mode?: number;
  /** What the directory says, where that is to differ from the truth. */
  readonly claims?: Partial<Claims>;
}

interface Claims {
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly offset: number;
}

interface ArchiveClaims {
  /** Members in the directory, where that is to differ from the truth. */
  readonly count?: number;
  readonly comment?: string;
}

/**
 * A zip archive as its members ask for, true or not. Written from the specification
 * (PKWARE, .ZIP File Format Specification 6.3.10) and not with the code that is tested.
 */
export function buildZip(
  members: readonly BuiltMember[],
  { count = members.length, comment = '' }: ArchiveClaims = {},
): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const parts = partsOf(member);
    files.push(parts.local);
    directory.push(parts.central(member.claims?.offset ?? offset));
    offset += parts.local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22 + comment.length);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  end.write(comment, 22);
  return Buffer.concat([...files, central, end]);
}

interface Parts {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

function partsOf({ name, data, method = 8, flags = 0, mode = 0, claims = {} }: BuiltMember): Parts {
  const rawName = Buffer.from(name);
  const content = data ?? Buffer.alloc(0);
  const packed = method === 8 ? deflateRawSync(content) : content;
  const said = { size: content.length, compressedSize: packed.length, crc32: crc32(content) };
  const told = { ...said, ...claims };
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  // Names that are not ASCII are UTF-8 here unless they are given as bytes.
  common.writeUInt16LE(flags | (typeof name === 'string' ? 0x800 : 0), 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(told.crc32, 10);
  common.writeUInt32LE(told.compressedSize, 14);
  common.writeUInt32LE(told.size, 18);
  common.writeUInt16LE(rawName.length, 22);
  return {
    local: Buffer.concat([Buffer.from('PK\x03\x04'), common, rawName, packed]),
    central(offset) {
      const rest = Buffer.alloc(14);
      rest.writeUInt32LE((mode << 16) >>> 0, 6);
      rest.writeUInt32LE(offset, 10);
      return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, rest, rawName]);
    },
  };
}
