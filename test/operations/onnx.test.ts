import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findOnnxRuntime } from '../../src/stand-in-server/onnx/runtime.ts';
import { localWithOnnx } from '../commands/local/local-with-onnx.ts';
import { runtimeContract } from '../stand-in-server/onnx/runtime-contract.ts';

/* What the other tests do with a runtime of their own, with onnxruntime-node: scripts/setup.mjs --onnxruntime has put it there. */

const INSTALLED = join(import.meta.dirname, '../../node_modules/.cache/onnxruntime');

runtimeContract('onnxruntime-node', () => findOnnxRuntime(INSTALLED));

test('`local` segments images with a file, by onnxruntime-node of the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk onnx-'));
  try {
    await mkdir(join(folder, 'images'));
    await symlink(join(INSTALLED, 'node_modules'), join(folder, 'node_modules'));
    const { code, stdout, stderr } = await localWithOnnx(folder);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^1 done, 0 failed\./);
    assert.match(stdout, /\n[1-9]\d* cells found\./);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
