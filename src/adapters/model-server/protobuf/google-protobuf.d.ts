/* The part of google-protobuf 4 that we use; the package has no types of its own. */
declare module 'google-protobuf' {
  export class BinaryReader {
    constructor(
      bytes: Uint8Array,
      start?: number,
      length?: number,
      options?: { readonly aliasBytesFields?: boolean },
    );
    /** Moves to the next field; false at the end of the message. */
    nextField(): boolean;
    getFieldNumber(): number;
    /** True if the field is of the wire type that holds strings, bytes, messages and packed numbers. */
    isDelimited(): boolean;
    skipField(): void;
    readString(): string;
    readBytes(): Uint8Array;
    readBool(): boolean;
    readInt32(): number;
    readInt64(): number;
    readFloat(): number;
    readDouble(): number;
    readPackableInt32Into(numbers: number[]): void;
    readPackableInt64Into(numbers: number[]): void;
    readPackableUint32Into(numbers: number[]): void;
    readMessage<Value>(message: Value, read: (message: Value, reader: BinaryReader) => void): Value;
  }

  export class BinaryWriter {
    writeString(field: number, value: string): void;
    writeBytes(field: number, value: Uint8Array): void;
    writeBool(field: number, value: boolean): void;
    writeInt32(field: number, value: number): void;
    writeInt64(field: number, value: number): void;
    writePackedInt32(field: number, values: readonly number[]): void;
    writePackedInt64(field: number, values: readonly number[]): void;
    writePackedUint32(field: number, values: readonly number[]): void;
    writeMessage<Value>(
      field: number,
      value: Value,
      write: (value: Value, writer: BinaryWriter) => void,
    ): void;
    getResultBuffer(): Uint8Array<ArrayBuffer>;
  }
}
