import { describe, expect, test } from 'vitest';
import { runGenerated } from '../src/closures/statements.ts';
import { compile } from '../src/index.ts';

const run = (source: string, R: unknown = {}): unknown => runGenerated(source, R, []);

describe('closures over generated code', () => {
  test.each([
    ['return 1 + 2 === 3 && !(2 < 1);', true],
    ['let a = 1, b; if (b === undefined) a = a + 1; else a = 9; return a;', 2],
    ['L: { M: { break L; } return 1; } return 2;', 2],
    ['for (const v of [1, 2, 3]) { if (v === 2) return v; } return 0;', 2],
    ['let n = 0; for (let i = 0; i < 5; i++) { L: { if (i === 2) { break L; } n = n + i; } } return n;', 8],
    ['let n = 5; if (--n < 5) return n; return 0;', 4],
    ['function f(a, b) { return a - b; } return f(...[5, 3]);', 2],
    ['function f() { return g(); } function g() { return "x"; } return f();', 'x'],
    ['const f = (...a) => { return a.length; }; return f(1, 2, 3);', 3],
    ['function f(v) { switch (v) { case "a": return 1; default: return 2; } } return f("a") + f("b");', 3],
    ['return -5 ?? 1;', -5],
    ['return typeof "\\u2028\\"";', 'string'],
    ['return 123456789012345678901n;', 123456789012345678901n],
    [
      'function f(n) { let v; if (n > 0) { const w = f(n - 1); v = n + w; } else { v = 0; } return v; } return f(4);',
      10,
    ],
    // Every pass of a loop begins with a fresh variable.
    ['let n = 0; for (let i = 0; i < 2; i++) { let t; if (t === undefined) n++; t = 1; } return n;', 2],
    // An inner name hides the outer one.
    ['const v = 1; { const v = 2; } return v;', 1],
  ])('%s', (source, expected) => {
    expect(run(source)).toEqual(expected);
    // oxlint-disable-next-line typescript/no-implied-eval -- what it has to agree with
    expect((new Function('R', 'K', source) as (R: object, K: unknown[]) => unknown)({}, [])).toEqual(
      expected,
    );
  });

  test.each([
    'return globalThis;',
    'process.exit(1);',
    'const v = `x`;',
    'while (true) {}',
    'return /x/;',
    'return a',
  ])('what is not generated code is refused before it runs: %s', (source) => {
    expect(() => run(source)).toThrow(/not generated code/);
  });

  test('a policy may say that nothing else is wanted', () => {
    const modules = [{ file: 'f', source: 'package test\np := input.x + 1' }];
    for (const backend of ['auto', 'javascript', 'closures'] as const)
      expect(compile(modules, { backend }).entrypoint('test/p').evaluate({ x: 1 })).toBe(2);
  });
});
