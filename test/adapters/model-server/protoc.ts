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

const installed = join(project, 'node_modules/protoc');

/** The program itself: what npm links to starts a Node for it. */
function findProgram(): string {
  // The package writes this file; one of its programs is installed for this machine.
  const assets = JSON.parse(readFileSync(join(installed, 'assets.json'), 'utf8')) as readonly {
    readonly arch: string;
    readonly platform: string;
    readonly executable: string;
  }[];
  const isOurs = ({ arch, platform }: { readonly arch: string; readonly platform: string }) =>
    arch === process.arch && platform === process.platform;
  const asset = assets.find(isOurs);
  if (asset === undefined) throw new Error(`There is no protoc for this machine in ${installed}.`);
  return join(installed, 'bin', asset.executable);
}

const program = findProgram();

function protoc(options: readonly string[], input: Uint8Array): Buffer {
  const arguments_ = [...options, `--proto_path=${join(project, 'protos')}`, ...files];
  return execFileSync(program, arguments_, { input, maxBuffer: 2 ** 28 });
}
