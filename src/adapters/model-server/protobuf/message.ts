import { BinaryReader, BinaryWriter } from 'google-protobuf';
import type { Field } from './field.ts';

type Fields = Readonly<Record<string, Field<unknown, unknown>>>;
type ReadOf<Of extends Field<unknown, unknown>> = ReturnType<Of['absent']>;
type WriteOf<Of extends Field<unknown, unknown>> = Parameters<Of['write']>[1];
type Reads<Of extends Fields> = { -readonly [Name in keyof Of]: ReadOf<Of[Name]> };
type Writes<Of extends Fields> = { readonly [Name in keyof Of]?: WriteOf<Of[Name]> };

/** A protobuf message: bytes to values and back. */
export interface Message<Read, Write> {
  /** With its package, as in the .proto file. */
  readonly name: string;
  readonly fields: Fields;
  /** Skips fields that it does not know; throws if the bytes are no message. */
  decode(bytes: Uint8Array): Read;
  encode(value: Write): Uint8Array<ArrayBuffer>;
  /** A message without fields. */
  readonly blank: () => Read;
  readonly readInto: (value: Read, reader: BinaryReader) => void;
  readonly writeTo: (value: Write, writer: BinaryWriter) => void;
}

export type Decoded<Of extends Pick<Message<unknown, never>, 'decode'>> = ReturnType<Of['decode']>;

/** Declares a message. Its fields may come in any order and are written in the order given. */
export function message<const Of extends Fields>(
  name: string,
  fields: Of,
): Message<Reads<Of>, Writes<Of>> {
  const named = Object.entries(fields);
  const byNumber = new Map(named.map((entry) => [entry[1].number, entry]));

  function blank(): Reads<Of> {
    const values: Record<string, unknown> = {};
    for (const [key, field] of named) values[key] = field.absent();
    return values as Reads<Of>; // Each value came from the field of its name.
  }

  function readInto(values: Record<string, unknown>, reader: BinaryReader): void {
    while (reader.nextField()) {
      const [key, field] = byNumber.get(reader.getFieldNumber()) ?? [];
      if (key === undefined || field === undefined) reader.skipField();
      else values[key] = field.read(reader, values[key]);
    }
  }

  function writeTo(values: Writes<Of>, writer: BinaryWriter): void {
    for (const [key, field] of named) {
      const value = values[key];
      if (value !== undefined && !field.isDefault(value)) field.write(writer, value);
    }
  }

  return {
    name,
    fields,
    decode(bytes) {
      const values = blank();
      readInto(values, new BinaryReader(bytes, 0, bytes.length, { aliasBytesFields: true }));
      return values;
    },
    encode(values) {
      const writer = new BinaryWriter();
      writeTo(values, writer);
      return writer.getResultBuffer();
    },
    blank,
    readInto,
    writeTo,
  };
}
