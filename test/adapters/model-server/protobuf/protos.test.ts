import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as kserve from '../../../../src/adapters/model-server/kserve/messages.ts';
import {
  embedded,
  messages,
  repeated,
} from '../../../../src/adapters/model-server/protobuf/compound-field.ts';
import {
  bool,
  bytes,
  int32,
  string,
} from '../../../../src/adapters/model-server/protobuf/field.ts';
import { message, type Message } from '../../../../src/adapters/model-server/protobuf/message.ts';
import * as tfServing from '../../../../src/adapters/model-server/tf-serving/messages.ts';
import { descriptors } from '../protoc.ts';

/* The part of google/protobuf/descriptor.proto that describes messages and their fields. */
const FieldDescriptor = message('FieldDescriptorProto', {
  name: string(1),
  number: int32(3),
  label: int32(4),
  type: int32(5),
  typeName: string(6),
});
const MessageOptions = message('MessageOptions', { mapEntry: bool(7) });
const Descriptor = message('DescriptorProto', {
  name: string(1),
  field: messages(2, FieldDescriptor),
  nested: repeated(bytes(3)),
  options: embedded(7, MessageOptions),
});
const FileDescriptor = message('FileDescriptorProto', {
  package: string(2),
  message: repeated(bytes(4)),
});
const FileDescriptorSet = message('FileDescriptorSet', { file: messages(1, FileDescriptor) });

const SCALARS: Record<number, string> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
};
const REPEATED = 3;

interface Declared {
  readonly isMapEntry: boolean;
  /** `name = number`, without underscores, to type. */
  readonly fields: Map<string, string>;
}

/** Every message of the protos by its full name. */
function declared(): Map<string, Declared> {
  const all = new Map<string, Declared>();
  for (const file of FileDescriptorSet.decode(descriptors()).file) {
    for (const found of file.message) add(all, file.package, found);
  }
  return all;
}

function add(all: Map<string, Declared>, scope: string, encoded: Uint8Array): void {
  const { name, field, nested, options } = Descriptor.decode(encoded);
  const full = `${scope}.${name}`;
  const fields = field.map(({ name: key, number, label, type, typeName }) => {
    const base = SCALARS[type] ?? typeName.slice(1);
    return [`${plain(key)} = ${number}`, label === REPEATED ? `repeated ${base}` : base] as const;
  });
  all.set(full, { isMapEntry: options?.mapEntry === true, fields: new Map(fields) });
  for (const inner of nested) add(all, full, inner);
}

/** The type of a field as our code says it, with maps spelled out. */
function spelled(type: string, protos: Map<string, Declared>): string {
  const entry = protos.get(type.replace('repeated ', ''));
  if (entry?.isMapEntry !== true) return type;
  return `map<${entry.fields.get('key = 1')}, ${entry.fields.get('value = 2')}>`;
}

/** `tensor_shape` and `tensorShape` are one name. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

const protos = declared();
const ours = [...Object.values(tfServing), ...Object.values(kserve)].filter(
  (value): value is Message<unknown, unknown> & typeof value =>
    typeof value === 'object' && 'fields' in value,
);

test('the protos were read', () => {
  assert.ok(protos.has('tensorflow.serving.PredictRequest'));
  assert.ok(ours.length >= 20);
});

for (const { name, fields } of ours) {
  test(`${name} is as in the protos`, () => {
    const declaration = protos.get(name);
    assert.ok(declaration, `no message ${name} in protos/`);
    for (const [key, { number, type }] of Object.entries(fields)) {
      const found = declaration.fields.get(`${plain(key)} = ${number}`);
      assert.ok(found, `no field ${key} = ${number}`);
      assert.equal(type, spelled(found, protos));
    }
  });
}
