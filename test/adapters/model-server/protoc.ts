import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../../..');
const files = ['tensorflow.proto', 'tensorflow_serving.proto', 'kserve.proto'];

/** A message in protobuf's text form, as the compiler of protobuf reads it with our protos. */
export function decodeText(message: string, bytes: Uint8Array): string {
  return protoc([`--decode=${message}`], bytes).toString();
}

/** The bytes of a message that is given in protobuf's text form. */
export function encodeText(message: string, text: string): Buffer {
  return protoc([`--encode=${message}`], Buffer.from(text));
}

/** What our protos declare: an encoded FileDescriptorSet. */
export function descriptors(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'protos-'));
  try {
    const file = join(folder, 'descriptors');
    protoc(['--include_imports', `--descriptor_set_out=${file}`], Buffer.alloc(0));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function protoc(options: readonly string[], input: Uint8Array): Buffer {
  const program = join(project, 'node_modules/.bin/protoc');
  const arguments_ = [...options, `--proto_path=${join(project, 'protos')}`, ...files];
  return execFileSync(program, arguments_, { input, maxBuffer: 2 ** 28 });
}
