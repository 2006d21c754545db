import type { BinaryReader, BinaryWriter } from 'google-protobuf';

/** A field of a protobuf message. Absent fields have a default when read and may be left out when written. */
export interface Field<Read, Write = Read> {
  readonly number: number;
  /** As in the .proto file, for the test that compares both. */
  readonly type: string;
  absent(): Read;
  /** Reads one occurrence; `before` is what earlier ones gave. */
  read(reader: BinaryReader, before: Read): Read;
  /** Whether a message may leave the field out. */
  isDefault(value: Write): boolean;
  write(writer: BinaryWriter, value: Write): void;
}

export function string(number: number): Field<string> {
  return {
    number,
    type: 'string',
    absent: () => '',
    read: (reader) => reader.readString(),
    isDefault: (value) => value === '',
    write: (writer, value) => writer.writeString(number, value),
  };
}

export function bool(number: number): Field<boolean> {
  return {
    number,
    type: 'bool',
    absent: () => false,
    read: (reader) => reader.readBool(),
    isDefault: (value) => !value,
    write: (writer, value) => writer.writeBool(number, value),
  };
}

export function int32(number: number): Field<number> {
  return {
    number,
    type: 'int32',
    absent: () => 0,
    read: (reader) => reader.readInt32(),
    isDefault: (value) => value === 0,
    write: (writer, value) => writer.writeInt32(number, value),
  };
}

/** An enum by its numbers; unknown ones pass. */
export function enumeration(number: number, type: string): Field<number> {
  return { ...int32(number), type };
}

/** Integers beyond 2^53 lose their last digits. */
export function int64(number: number): Field<number> {
  return {
    number,
    type: 'int64',
    absent: () => 0,
    read: (reader) => reader.readInt64(),
    isDefault: (value) => value === 0,
    write: (writer, value) => writer.writeInt64(number, value),
  };
}

const NO_BYTES = new Uint8Array(0);

/** A view on the message when read. */
export function bytes(number: number): Field<Uint8Array> {
  return {
    number,
    type: 'bytes',
    absent: () => NO_BYTES,
    read: (reader) => reader.readBytes(),
    isDefault: (value) => value.length === 0,
    write: (writer, value) => writer.writeBytes(number, value),
  };
}

export function int32s(number: number): Field<number[], readonly number[]> {
  return {
    number,
    type: 'repeated int32',
    absent: () => [],
    read: (reader, before) => (reader.readPackableInt32Into(before), before),
    isDefault: (values) => values.length === 0,
    write: (writer, values) => writer.writePackedInt32(number, values),
  };
}

/** Integers beyond 2^53 lose their last digits. */
export function int64s(number: number): Field<number[], readonly number[]> {
  return {
    number,
    type: 'repeated int64',
    absent: () => [],
    read: (reader, before) => (reader.readPackableInt64Into(before), before),
    isDefault: (values) => values.length === 0,
    write: (writer, values) => writer.writePackedInt64(number, values),
  };
}

export function uint32s(number: number): Field<number[], readonly number[]> {
  return {
    number,
    type: 'repeated uint32',
    absent: () => [],
    read: (reader, before) => (reader.readPackableUint32Into(before), before),
    isDefault: (values) => values.length === 0,
    write: (writer, values) => writer.writePackedUint32(number, values),
  };
}

/** Booleans as 0 and 1. */
export function bools(number: number): Field<number[], readonly number[]> {
  return { ...uint32s(number), type: 'repeated bool' };
}
