/** The fields of an encoded message by their numbers, in order: bytes, or the number of a varint or fixed64. */
export type Fields = ReadonlyMap<number, readonly (Uint8Array | bigint)[]>;

/** Reads any message of protobuf, by the wire format alone. */
export function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, (Uint8Array | bigint)[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const fixed = (): bigint => {
    at += 8;
    return view.getBigUint64(at - 8, true);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const type = tag & 7;
    if (type === 5) take(4);
    else {
      const value = type === 0 ? varint() : type === 1 ? fixed() : take(Number(varint()));
      fields.set(number, [...(fields.get(number) ?? []), value]);
    }
  }
  return fields;
}

/** The messages of a repeated field. */
export function parts(fields: Fields, number: number): Fields[] {
  return all(fields, number).map(readFields);
}

export function text(fields: Fields, number: number): string {
  return Buffer.from(all(fields, number)[0] ?? []).toString();
}

export function hex(fields: Fields, number: number): string {
  return Buffer.from(all(fields, number)[0] ?? []).toString('hex');
}

export function integer(fields: Fields, number: number): bigint {
  const [value] = fields.get(number) ?? [];
  return typeof value === 'bigint' ? value : 0n;
}

function all(fields: Fields, number: number): Uint8Array[] {
  return (fields.get(number) ?? []).filter((value) => typeof value !== 'bigint');
}
