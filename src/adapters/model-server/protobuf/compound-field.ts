import type { BinaryReader } from 'google-protobuf';
import type { Field } from './field.ts';
import type { Message } from './message.ts';

export function embedded<Read, Write>(
  number: number,
  message: Message<Read, Write>,
): Field<Read | undefined, Write | undefined> {
  return {
    number,
    type: message.name,
    absent: () => undefined,
    read: (reader) => readEmbedded(reader, message),
    isDefault: (value) => value === undefined,
    write: (writer, value) =>
      value !== undefined && writer.writeMessage(number, value, message.writeTo),
  };
}

export function repeated<Read, Write>(field: Field<Read, Write>): Field<Read[], readonly Write[]> {
  return {
    number: field.number,
    type: `repeated ${field.type}`,
    absent: () => [],
    read: (reader, before) => (before.push(field.read(reader, field.absent())), before),
    isDefault: (values) => values.length === 0,
    write: (writer, values) => values.forEach((value) => field.write(writer, value)),
  };
}

export function messages<Read, Write>(
  number: number,
  message: Message<Read, Write>,
): Field<Read[], readonly Write[]> {
  return {
    number,
    type: `repeated ${message.name}`,
    absent: () => [],
    read: (reader, before) => (before.push(readEmbedded(reader, message)), before),
    isDefault: (values) => values.length === 0,
    write: (writer, values) =>
      values.forEach((value) => writer.writeMessage(number, value, message.writeTo)),
  };
}

/** A map from strings to messages, in the order of the wire. */
export function map<Read, Write>(
  number: number,
  message: Message<Read, Write>,
): Field<Map<string, Read>, ReadonlyMap<string, Write>> {
  return {
    number,
    type: `map<string, ${message.name}>`,
    absent: () => new Map(),
    read: (reader, before) => reader.readMessage(before, readEntry),
    isDefault: (values) => values.size === 0,
    write: (writer, values) => {
      for (const entry of values) {
        writer.writeMessage(number, entry, ([key, value]) => {
          writer.writeString(1, key);
          writer.writeMessage(2, value, message.writeTo);
        });
      }
    },
  };

  function readEntry(values: Map<string, Read>, reader: BinaryReader): void {
    let key = '';
    let value: Read | undefined;
    while (reader.nextField()) {
      if (reader.getFieldNumber() === 1) key = reader.readString();
      else if (reader.getFieldNumber() === 2) value = readEmbedded(reader, message);
      else reader.skipField();
    }
    values.set(key, value ?? message.blank());
  }
}

/**
 * Floats or doubles as the bytes of the message, little endian, without a look at each. More than one piece if
 * the sender split them.
 */
export function rawNumbers(
  number: number,
  type: 'float' | 'double',
): Field<Uint8Array[], readonly Uint8Array[]> {
  return {
    number,
    type: `repeated ${type}`,
    absent: () => [],
    read: (reader, before) => (before.push(readPiece(reader, type)), before),
    isDefault: (pieces) => pieces.length === 0,
    write: (writer, pieces) => pieces.forEach((piece) => writer.writeBytes(number, piece)),
  };
}

function readEmbedded<Read, Write>(reader: BinaryReader, message: Message<Read, Write>): Read {
  return reader.readMessage(message.blank(), message.readInto);
}

function readPiece(reader: BinaryReader, type: 'float' | 'double'): Uint8Array {
  if (reader.isDelimited()) return reader.readBytes();
  const single = type === 'float' ? [reader.readFloat()] : [reader.readDouble()];
  const elements = type === 'float' ? new Float32Array(single) : new Float64Array(single);
  return new Uint8Array(elements.buffer);
}
