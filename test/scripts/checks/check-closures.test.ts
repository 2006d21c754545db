import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureProblems } from '../../../scripts/checks/check-closures.ts';

const of = (source: string, path = 'src/imaging/a.ts'): string[] =>
  closureProblems([{ path, source }]);

test('a loop of the tensor path stands in a function of the module, not in one that is made at each call', () => {
  const loops = [
    'for (let i = 0; i < 9; i++) use(i);',
    'for (const i of all) use(i);',
    'for (const i in all) use(i);',
    'while (use()) use();',
    'do use(); while (use());',
  ];
  for (const loop of loops) {
    assert.deepEqual(of(`${loop} function a() { ${loop} } const b = () => { ${loop} };`), []);
    assert.deepEqual(of(`class A { b() { ${loop} } }`), []);
    const nested = [
      `function a() {\n run(() => { ${loop} });\n}`,
      `const a = () => function () {\n if (b) { ${loop} }\n};`,
      `class A { b() {\n function c() { ${loop} }\n} }`,
      `function a() {\n return { b() { ${loop} } };\n}`,
    ];
    for (const source of nested) {
      assert.deepEqual(of(source), [
        'src/imaging/a.ts:2 is a loop in a function inside another, whose machine code is lost when garbage is collected: move it into a function of the module',
      ]);
    }
  }
});

test('functions before and behind a loop do not count', () => {
  const source = 'function a() { run(() => 1); for (const b of c) run(() => b); run(() => 2); }';
  assert.deepEqual(of(source), []);
});

test('elsewhere than in src/imaging loops may stand in closures', () => {
  const source = 'function a() { run(() => { for (const b of c) use(b); }); }';
  assert.deepEqual(of(source, 'src/stages/a.ts'), []);
});
